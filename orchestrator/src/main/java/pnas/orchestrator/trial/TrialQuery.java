package pnas.orchestrator.trial;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.life.TrialState;

/**
 * Which trials, in which order.
 *
 * @param stage only of this stage, where given
 * @param state only in this state, where given
 * @param sort the order; trials that lack the value come last, ties by id
 * @param descending greatest first
 * @param pageSize 1 to 1000
 * @param pageToken of the page before, absent for the first
 */
public record TrialQuery(
        @Nullable Integer stage,
        @Nullable TrialState state,
        Sort sort,
        boolean descending,
        int pageSize,
        @Nullable String pageToken) {
    /** What trials can be ordered by. */
    public enum Sort {
        RANK("stage,rank"),
        ACCURACY("accuracy"),
        PREDICTED("predicted"),
        MULTIPLY_ADDS("multiply_adds"),
        PARAMETERS("parameters"),
        FINISHED_AT("finished_at");

        private final String columns;

        Sort(String columns) {
            this.columns = columns;
        }

        /** The columns in their order, separated by commas. */
        String columns() {
            return columns;
        }

        /** For instance {@code multiplyAdds}. */
        public String text() {
            String[] words = name().toLowerCase(Locale.ROOT).split("_");
            StringBuilder text = new StringBuilder(words[0]);
            for (int i = 1; i < words.length; i++) {
                text.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
            }
            return text.toString();
        }
    }
}
