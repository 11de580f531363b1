package pnas.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import pnas.failure.PlainText;

/**
 * Where the replay engine takes its answers from: exactly one of {@code oracle} and {@code table}.
 *
 * @param oracle the synthetic oracle
 * @param table name of a CSV file {@code cell,accuracy,seconds} in the trainer's folder of tables: a name, never a path
 * @param seconds how long every training pretends to take; absent: the seconds of the table, 0 with the oracle
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Replay(
        @Nullable Oracle oracle,
        @Nullable String table,
        @Nullable Double seconds) {
    private static final String TABLE_NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

    public Replay {
        if ((oracle == null) == (table == null)) {
            throw new IllegalArgumentException("replay needs exactly one of oracle and table");
        }
        if (table != null && (!table.matches(TABLE_NAME) || table.contains(".."))) {
            throw new IllegalArgumentException("table must be a file name of letters, digits, '.', '_' and '-', got '"
                    + PlainText.excerpt(table, 100) + "'");
        }
        if (seconds != null) {
            Checks.between("seconds", 0, 86_400, seconds);
        }
    }

    /**
     * The synthetic oracle.
     *
     * @param seed draws the quality of operations and pairs
     * @param sigma standard deviation of the noise of one measurement, in accuracy
     */
    public record Oracle(long seed, double sigma) {
        public Oracle {
            Checks.between("sigma", 0, 1, sigma);
        }
    }
}
