package pnas.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.openblas.global.openblas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the Java of a trainer's engine finds in an image: libraries beside jars that have none. */
@EnabledOnOs(
        value = OS.LINUX,
        architectures = "amd64",
        disabledReason = "the libraries of the images are those for Linux on x86-64")
class LoaderOptionsTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void a_library_is_loaded_from_where_it_lies_and_not_copied() throws Exception {
        Path libraries = Files.createDirectories(folder.resolve("lib"));
        List<Path> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(entry);
            if (path.getFileName().toString().matches("(javacpp|openblas)-.*\\.jar")) {
                Files.copy(path, libraries.resolve(path.getFileName()));
            } else {
                classPath.add(path);
            }
        }
        Parts parts = new Parts(Files.createDirectories(folder.resolve("parts")));
        parts.takeNatives(libraries);
        for (Path jar : files(libraries)) {
            classPath.add(parts.inPlaceOf(jar));
        }
        Path temporary = Files.createDirectories(folder.resolve("tmp"));

        assertThat(dotProduct(classPath, parts, temporary)).isEqualTo("11.0\n");
        assertThat(files(temporary)).allSatisfy(file -> assertThat(file).isEmptyFile());
    }

    private static String dotProduct(List<Path> classPath, Parts parts, Path temporary) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                // Where the loader puts what it copies, if it may.
                "-Duser.home=" + temporary));
        command.addAll(
                ServiceImage.loaderOptions(parts.natives(), parts.natives().toString()));
        command.addAll(List.of(
                "-cp",
                classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                DotProduct.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** The files of a folder themselves, not the links. */
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(path -> Files.isRegularFile(path) && !Files.isSymbolicLink(path))
                    .sorted()
                    .toList();
        }
    }

    /** Computes by OpenBLAS in a process of its own. */
    static final class DotProduct {
        private DotProduct() {}

        public static void main(String[] arguments) {
            System.out.println(openblas.cblas_ddot(2, new double[] {1, 2}, 1, new double[] {3, 4}, 1));
        }
    }
}
