package pnas.orchestrator.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Pages of docs/generated that are made from tables. Run with {@code -Dpnas.write-docs=true} to write them anew. */
public final class GeneratedPage {
    private GeneratedPage() {}

    /** Fails while the page says something else. */
    public static void assertThatItSays(String name, String content) throws IOException {
        Path page = Path.of("../docs/generated").resolve(name);
        if (Boolean.getBoolean("pnas.write-docs")) {
            Files.writeString(page, content);
        }
        assertThat(page).hasContent(content);
    }
}
