package pnas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No two types of one name stand in the sources of one program: a reader who meets the name knows what is meant. A type within another one is named with that,
 * as in {@code Plan.Stage}, so it may have the name of one that stands alone, as long as nobody imports it by itself.
 */
final class NamesTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import (pnas\\.[a-z0-9.]+)((?:\\.[A-Z]\\w*)+);");

    private static List<Path> sources(String modules) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : modules.split(" ")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")
                                && !file.endsWith("package-info.java")
                                && !file.endsWith("module-info.java"))
                        .forEach(sources::add);
            }
        }
        return sources;
    }

    private static String name(Path source) {
        return source.getFileName().toString().replace(".java", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shared-model orchestrator",
                "shared-model predictor-service",
                "shared-model trainer-service/core trainer-service/torch",
                "shared-model trainer-service/core trainer-service/vector",
                "shared-model trainer-service/core trainer-service/dl4j",
                "shared-model local-platform",
                "shared-model cli",
                "shared-model images"
            })
    void a_program_has_no_two_types_of_one_name(String modules) throws IOException {
        List<Path> sources = sources(modules);
        assertThat(sources).isNotEmpty();
        Map<String, List<Path>> byName = new HashMap<>();
        sources.forEach(source ->
                byName.computeIfAbsent(name(source), _ -> new ArrayList<>()).add(source));

        assertThat(byName.values()).allSatisfy(all -> assertThat(all).hasSize(1));
        assertThat(sources.stream().flatMap(NamesTest::importedOutOfTheirTypes))
                .allSatisfy(imported -> assertThat(byName)
                        .as("a name that another type has, imported without its outer type: %s", imported)
                        .doesNotContainKey(imported.substring(imported.lastIndexOf('.') + 1)));
    }

    /** For instance {@code Plan.Stage}. */
    private static Stream<String> importedOutOfTheirTypes(Path source) {
        try {
            return IMPORT.matcher(Files.readString(source))
                    .results()
                    .map(found -> found.group(2).substring(1))
                    .filter(types -> types.contains("."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
