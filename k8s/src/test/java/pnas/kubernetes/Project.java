package pnas.kubernetes;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of the project that the manifests are held against. */
final class Project {
    static final Path FOLDER = Path.of("").toAbsolutePath();

    static final List<String> OVERLAYS = List.of("local", "gpu", "gpu-kueue", "gpu-object-store");

    private static final Path DOCS = FOLDER.resolve("../docs");

    private Project() {}

    /** All pages that say how to run the platform. */
    static String guides() {
        try (Stream<Path> pages = Files.list(DOCS.resolve("how-to"))) {
            return pages.sorted().map(Project::text).collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String configuration() {
        return text(DOCS.resolve("generated/configuration.md"));
    }

    static Properties images() {
        Properties images = new Properties();
        try (Reader file = Files.newBufferedReader(FOLDER.resolve("images.properties"))) {
            images.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return images;
    }

    /** The version of the project, which is the tag of its images. */
    static String version() {
        return text(FOLDER.resolve("../pom.xml")).replaceFirst("(?s).*?<version>([^<]+)</version>.*", "$1");
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
