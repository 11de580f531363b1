package pnas.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineTest {
    private static final Path ROOT = Path.of("..");
    /** The name of an engine as a text, or two of them in words of a command; {@code replay} alone is also what a setting is called. */
    private static final Pattern LISTED =
            Pattern.compile("\"(torch|vector|dl4j)\"|\\b(torch|vector|dl4j|replay)\\|(torch|vector|dl4j|replay)\\b");

    @ParameterizedTest
    @EnumSource
    void is_found_by_its_name_and_has_a_module(Engine engine) {
        assertThat(Engine.find(engine.text())).contains(engine);
        assertThat(Engine.parse(engine.text())).isEqualTo(engine);
        assertThat(ROOT.resolve(engine.module()).resolve("pom.xml")).isRegularFile();
    }

    @Test
    void a_name_that_is_none_is_refused_with_those_that_there_are() {
        assertThat(Engine.find("TORCH")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engine.parse("jax"))
                .withMessage("engine must be one of [torch, vector, dl4j, replay], got 'jax'");
    }

    @Test
    void no_other_source_lists_engines() {
        assertThat(sources()
                        .filter(file -> !file.endsWith("pnas/engine/Engine.java"))
                        .flatMap(file -> listed(file).stream()))
                .isEmpty();
    }

    /** OpenAPI, the flags of a command and the choices of a page have names that annotations and settings must spell out. */
    @Test
    void what_must_spell_engines_out_has_all_of_them() throws IOException {
        String quoted = Engine.texts().stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(", "));
        assertThat(ROOT.resolve("orchestrator/src/main/resources/application.properties"))
                .content()
                .contains(
                        "mp.openapi.schema.pnas.engine.Engine={\"name\": \"Engine\", \"type\": \"string\", \"enum\": ["
                                + quoted + "]}");
        assertThat(ROOT.resolve("orchestrator/src/main/resources/templates/experiments.html"))
                .content()
                .contains(Engine.texts().stream()
                        .map(text -> "<option value=\"" + text + "\"")
                        .toList());
        assertThat(ROOT.resolve("cli/src/main/java/pnas/cli/UpCommand.java"))
                .content()
                .contains(Arrays.stream(Engine.values())
                        .map(engine -> "\"--" + engine.text() + "-trainers\"")
                        .toList());
    }

    /** The lines of a source that name engines, without comments and what the help of a command calls its only choice. */
    private static List<String> listed(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(String::strip)
                    .filter(line -> !line.startsWith("*") && !line.startsWith("/") && !line.startsWith("paramLabel"))
                    .filter(line -> LISTED.matcher(line).find())
                    .map(line -> file + ": " + line)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> sources() {
        return Stream.of(ROOT, ROOT.resolve("trainer-service"))
                .flatMap(folder -> list(folder).stream())
                .map(module -> module.resolve("src/main/java"))
                .filter(Files::isDirectory)
                .flatMap(java -> walk(java).stream())
                .filter(file -> file.toString().endsWith(".java"));
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> walk(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
