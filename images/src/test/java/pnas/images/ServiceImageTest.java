package pnas.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.TarImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the images, read back from the files that are written. */
class ServiceImageTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void an_image_has_the_application_and_runs_as_a_user_without_rights() throws Exception {
        Map<String, byte[]> image = build("orchestrator", Optional.empty());
        JsonNode config = config(image);
        assertThat(config.path("User").asText()).isEqualTo("10001:10001");
        assertThat(config.path("Entrypoint").get(0).asText()).isEqualTo("java");
        assertThat(config.path("Entrypoint").toString())
                .contains("-XX:MaxRAMPercentage=60", "/opt/pnas/quarkus-run.jar");
        assertThat(config.path("ExposedPorts").toString()).contains("8080/tcp");
        assertThat(files(image))
                .contains(
                        "opt/pnas/quarkus-run.jar",
                        "opt/pnas/app/own.jar",
                        "opt/pnas/lib/main/library.jar",
                        "opt/pnas/quarkus/generated.jar");
    }

    @Test
    void the_image_of_a_trainer_has_its_native_libraries_unpacked_where_they_are_looked_for() throws Exception {
        Path natives = folder.resolve("natives");
        for (String library : List.of("torch/linux/libtorch.so", "torch/linux/libc10.so", "blas/linux/libblas.so")) {
            Files.createDirectories(natives.resolve(library).getParent());
            Files.writeString(natives.resolve(library), library);
        }
        Map<String, byte[]> image = build("trainer-torch", Optional.of(natives));
        assertThat(files(image))
                .contains("opt/pnas-native/torch/linux/libtorch.so", "opt/pnas-native/blas/linux/libblas.so");
        assertThat(config(image).path("Env").toString())
                .contains(
                        "PNAS_TRAINER_CHILD_JAVA_OPTIONS=",
                        "-Dorg.bytedeco.javacpp.pathsFirst=true",
                        "-Djava.library.path=/opt/pnas-native/blas/linux:/opt/pnas-native/torch/linux");
    }

    @Test
    void two_builds_of_the_same_files_are_the_same() throws Exception {
        assertThat(build("orchestrator", Optional.empty()).get("config.json"))
                .isEqualTo(build("orchestrator", Optional.empty()).get("config.json"));
    }

    @Test
    void every_image_and_its_base_have_a_reference() throws IOException {
        Properties images = new Properties();
        try (InputStream file = Files.newInputStream(Path.of("../k8s/images.properties"))) {
            images.load(file);
        }
        assertThat(ServiceImage.ALL)
                .allSatisfy(image -> assertThat(ServiceImage.reference(images, image.name()))
                        .startsWith("pnas/" + image.name() + ":"));
        assertThat(ServiceImage.reference(images, "base.java")).doesNotEndWith(":latest");
        assertThatThrownBy(() -> ServiceImage.reference(images, "oracle"))
                .hasMessage("images.properties has no image oracle");
    }

    /** Builds an image of a small application without a base, and reads what the file holds. */
    private Map<String, byte[]> build(String name, Optional<Path> natives) throws Exception {
        ServiceImage image = ServiceImage.ALL.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        Path application = image.application(folder);
        for (String file :
                new String[] {"quarkus-run.jar", "app/own.jar", "lib/main/library.jar", "quarkus/generated.jar"}) {
            Files.createDirectories(application.resolve(file).getParent());
            Files.writeString(application.resolve(file), file);
        }
        Path tar = folder.resolve(name + ".tar");
        image.build(
                Jib.fromScratch(),
                folder,
                natives,
                Containerizer.to(TarImage.at(tar).named("pnas/" + name + ":1"))
                        .setBaseImageLayersCache(folder.resolve("base-cache"))
                        .setApplicationLayersCache(folder.resolve("cache"))
                        .setOfflineMode(true));
        Map<String, byte[]> content = new HashMap<>();
        try (TarArchiveInputStream entries = new TarArchiveInputStream(Files.newInputStream(tar))) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                content.put(entry.getName(), entries.readAllBytes());
            }
        }
        return content;
    }

    private static JsonNode config(Map<String, byte[]> image) throws IOException {
        return JSON.readTree(image.get("config.json")).path("config");
    }

    /** The files of all layers. */
    private static Set<String> files(Map<String, byte[]> image) throws IOException {
        Set<String> files = new TreeSet<>();
        for (Map.Entry<String, byte[]> layer : image.entrySet()) {
            if (!layer.getKey().endsWith(".tar.gz")) {
                continue;
            }
            try (TarArchiveInputStream entries =
                    new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(layer.getValue())))) {
                for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                    files.add(entry.getName());
                }
            }
        }
        return files;
    }
}
