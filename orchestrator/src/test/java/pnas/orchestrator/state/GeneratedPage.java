package pnas.orchestrator.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Pages of docs/generated, and parts of other pages, that are made from the code. Run with {@code -Dpnas.write-docs=true} to write them anew. */
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

    /** Fails while the part of a page, between the comments that begin and end it, says something else. */
    public static void assertThatItHas(String name, String part, String content) throws IOException {
        Path page = Path.of("../docs").resolve(name);
        String begin = "<!-- made from the code: " + part + " -->\n";
        String text = Files.readString(page);
        assertThat(text).contains(begin);
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf("<!-- end of " + part + " -->", from);
        assertThat(to).as("the end of " + part).isNotNegative();
        String whole = text.substring(0, from) + content + text.substring(to);
        if (Boolean.getBoolean("pnas.write-docs")) {
            Files.writeString(page, whole);
        }
        assertThat(page).hasContent(whole);
    }
}
