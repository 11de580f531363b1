package pnas.orchestrator.capacity;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How amounts and nodes are named to a person. */
final class Wording {
    /** Thousandths in one. */
    static final long ONE = 1000;

    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int NODES_NAMED = 3;
    private static final int MOST_CHARACTERS = 300;

    private Wording() {}

    /** {@code 0 of 4 GPUs are}. */
    static String share(long left, long all, Rules rules) {
        String noun = rules.noun();
        return amount(left) + " of " + amount(all) + " "
                + (all == ONE ? noun.replaceFirst("s\\b", "") + " is" : noun + " are");
    }

    /** What is added where a trainer takes another amount than one. */
    static String more(long request, String words) {
        return request == ONE ? "" : ", " + words.formatted(amount(request));
    }

    /** The first few nodes, each with what is said of it. */
    static String nodes(Map<String, String> said) {
        String named = said.entrySet().stream()
                .limit(NODES_NAMED)
                .map(node -> node.getKey() + " " + node.getValue())
                .collect(Collectors.joining(", "));
        return said.size() > NODES_NAMED ? named + ", and " + (said.size() - NODES_NAMED) + " more" : named;
    }

    /** {@code 1 trainer}, {@code 2 trainers}. */
    static String trainers(long count) {
        return count == 1 ? "1 trainer" : count + " trainers";
    }

    /** {@code 12:00:05 UTC}. */
    static String second(Instant at) {
        return SECOND.format(at);
    }

    /** Another program's words in one line of bearable length. */
    static String line(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS - 1) + "…";
    }

    private static String amount(long thousandths) {
        return BigDecimal.valueOf(thousandths, 3).stripTrailingZeros().toPlainString();
    }
}
