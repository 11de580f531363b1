package pnas.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every process of the project, looked up in its sources. */
class EveryProcessTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern START = Pattern.compile("new ProcessBuilder|getRuntime\\(\\)\\s*\\.exec\\(");
    private static final Pattern VARIABLE = Pattern.compile("\\b(PNAS|QUARKUS)_[A-Z_]*[A-Z]\\b");

    @Test
    void one_class_starts_them() throws IOException {
        try (Stream<Path> sources = Files.find(
                ROOT,
                15,
                (path, file) -> path.toString().contains("/src/main/java/")
                        && path.toString().endsWith(".java"))) {
            assertThat(sources.filter(source -> START.matcher(text(source)).find()))
                    .extracting(source -> source.getFileName().toString())
                    .containsExactly("Program.java");
        }
    }

    /** The launcher starts the command line, Maven the build, and its pom the tests; {@link JavaCommand} starts the others. */
    @ParameterizedTest
    @ValueSource(strings = {"pnas", ".mvn/jvm.config", "pom.xml"})
    void every_jvm_has_one_language_and_one_encoding(String file) {
        List<String> words =
                Stream.of(text(ROOT.resolve(file)).split("[\\s()]+")).toList();

        assertThat(words).containsAll(JavaCommand.FIXED);
    }

    @Test
    void whatever_the_documentation_lets_people_set_is_handed_on() throws IOException {
        try (Stream<Path> documents = Files.walk(ROOT.resolve("docs"))) {
            List<String> named = Stream.concat(Stream.of(ROOT.resolve("README.md")), documents)
                    .filter(document -> document.toString().endsWith(".md"))
                    .flatMap(document ->
                            VARIABLE.matcher(text(document)).results().map(MatchResult::group))
                    .distinct()
                    .toList();

            assertThat(named).contains("PNAS_LOG_JSON", "QUARKUS_OTEL_SDK_DISABLED", "QUARKUS_HTTP_HOST");
            // On one machine the database is the platform's own.
            assertThat(Inheritance.dropped(named))
                    .allMatch(name -> name.matches("QUARKUS_(DATASOURCE_.*|FLYWAY_(USERNAME|PASSWORD))"));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
