package pnas.trainer.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void names_the_jars_of_a_packaged_application() throws IOException {
        Files.createDirectories(directory.resolve("lib/main"));
        String launcher = directory.resolve("quarkus-run.jar").toString();
        assertThat(ClassPath.of(launcher).split(File.pathSeparator))
                .containsExactly(
                        directory + "/quarkus/*",
                        directory + "/app/*",
                        directory + "/lib/main/*",
                        directory + "/lib/boot/*",
                        launcher);
    }

    @Test
    void keeps_any_other_class_path() {
        assertThat(ClassPath.of("target/classes:lib/a.jar")).isEqualTo("target/classes:lib/a.jar");
    }
}
