package pnas.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** docs/generated/messages.md shows every kind of record as version 1 writes it. Run with {@code -Dpnas.write-docs=true} to write it anew. */
class MessagesPageTest {
    private static final Path PAGE = Path.of("../docs/generated/messages.md");
    private static final Map<Class<?>, String> TOPICS = Map.of(
            TrainingJob.class,
            "pnas.jobs.{engine}",
            TrainingProgress.class,
            Topics.PROGRESS,
            TrainerEvent.class,
            Topics.WORKERS,
            ControlCommand.class,
            Topics.CONTROL,
            RankingRequest.class,
            Topics.CANDIDATES,
            RankingMessage.class,
            Topics.RANKINGS);

    @Test
    void the_page_of_messages_shows_what_is_sent() throws IOException {
        String page = page();
        if (Boolean.getBoolean("pnas.write-docs")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).hasContent(page);
    }

    private static String page() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Messages

                Every kind of record, as schema version 1 writes it. Made by `MessagesPageTest` from the frozen JSON; what the fields mean is in the
                Javadoc of `pnas.message`. Readers ignore fields that they do not know; later versions only add optional ones. A record that cannot be read goes
                to `dlq.<topic>`; on `pnas.control`, which every trainer and predictor reads, each reader logs and counts it.
                """);
        String topic = "";
        List<MessagesTest.Golden> goldens = MessagesTest.goldens().toList();
        for (MessagesTest.Golden golden : goldens) {
            String of = Objects.requireNonNull(TOPICS.get(golden.type()));
            if (!topic.equals(of)) {
                topic = of;
                page.append("\n## `")
                        .append(topic)
                        .append("`: ")
                        .append(golden.type().getSimpleName())
                        .append('\n');
            }
            page.append("\n```json\n").append(golden.json()).append("\n```\n");
        }
        return page.toString();
    }
}
