package pnas.message;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the names of topics and groups begin with, so that several installations share a Kafka and read nothing of each other. {@link Topics} has the names
 * without it.
 *
 * @param text empty for an installation that has a Kafka of its own
 */
public record TopicPrefix(String text) {
    /** What a prefix that is not empty is like: what Kafka takes in names, and short enough for the longest of ours. */
    public static final String PATTERN = "[A-Za-z0-9._-]{1,100}";

    private static final Pattern TEXT = Pattern.compile("|" + PATTERN);

    /** For an installation that has a Kafka of its own. */
    public static final TopicPrefix NONE = new TopicPrefix("");

    public TopicPrefix {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "pnas.broker.prefix must be at most 100 letters, digits, dots, _ and -, got " + text);
        }
    }

    /** The prefix of a setting. */
    public static TopicPrefix of(Optional<String> setting) {
        return setting.map(TopicPrefix::new).orElse(NONE);
    }

    /** The name in Kafka of a topic or a group. */
    public String before(String name) {
        return text + name;
    }

    /** The name without the prefix of a topic of this installation. */
    public String leftOut(String nameInKafka) {
        if (!nameInKafka.startsWith(text)) {
            throw new IllegalArgumentException(
                    "a topic of this installation must begin with " + text + ", got " + nameInKafka);
        }
        return nameInKafka.substring(text.length());
    }
}
