package pnas.images;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.process.JavaCommand;

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
        assertThat(config.path("Entrypoint")).extracting(JsonNode::asText).containsAll(JavaCommand.FIXED);
        assertThat(config.path("Env").toString()).contains("LC_ALL=C.UTF-8");
        assertThat(config.path("Entrypoint").toString())
                .contains("-XX:MaxRAMPercentage=60", "/opt/pnas/quarkus-run.jar");
        assertThat(config.path("ExposedPorts").toString()).contains("8080/tcp");
        assertThat(files(image).keySet())
                .containsExactlyInAnyOrder(
                        "opt/pnas/quarkus-run.jar",
                        "opt/pnas/app/own.jar",
                        "opt/pnas/lib/main/library.jar",
                        "opt/pnas/lib/main/natives.jar",
                        "opt/pnas/quarkus/generated.jar");
    }

    @Test
    void the_image_of_a_trainer_has_its_native_libraries_unpacked_where_they_are_looked_for() throws Exception {
        Map<String, byte[]> image = build("trainer-torch", Optional.empty());
        assertThat(files(image).keySet())
                .contains(
                        "opt/pnas-native/org/bytedeco/torch/linux-x86_64-gpu/libtorch.so",
                        "opt/pnas-native/org/nd4j/blas/linux-x86_64/libopenblas.so.0",
                        "opt/pnas-native/org/nd4j/blas/linux-x86_64/libopenblas_nolapack.so.0")
                .noneMatch(file -> file.startsWith("opt/java"));
        assertThat(config(image).path("Env").toString())
                .contains(
                        "PNAS_TRAINER_CHILD_JAVA_OPTIONS=",
                        "-Dorg.bytedeco.javacpp.pathsFirst=true",
                        "-Djava.library.path=/opt/pnas-native/org/bytedeco/torch/linux-x86_64-gpu:/opt/pnas-native/org/nd4j/blas/linux-x86_64");
    }

    @Test
    void the_image_of_the_trainer_in_java_has_no_native_libraries_and_a_java_with_vectors() throws Exception {
        Map<String, byte[]> image = build("trainer-vector", Optional.empty());

        assertThat(files(image).keySet()).contains("opt/pnas/quarkus-run.jar").noneMatch(file -> file.endsWith(".so"));
        assertThat(config(image).path("Env").toString()).doesNotContain("PNAS_TRAINER_CHILD_JAVA_OPTIONS");
        Matcher module = Pattern.compile("<vector.module>(.+)</vector.module>")
                .matcher(Files.readString(Path.of("../trainer-service/pom.xml")));
        assertThat(module.find()).isTrue();
        assertThat(Path.of("java-runtime.sh")).content().contains("," + module.group(1) + ",");
    }

    @Test
    void native_libraries_lie_in_an_image_once() throws Exception {
        Map<String, byte[]> files = files(build("trainer-torch", Optional.empty()));
        List<String> rest = new ArrayList<>();
        try (ZipInputStream jar =
                new ZipInputStream(new ByteArrayInputStream(files.get("opt/pnas/lib/main/natives.jar")))) {
            for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
                rest.add(entry.getName());
            }
        }
        assertThat(rest).containsExactly("org/bytedeco/torch/Tensor.class", "lib/linux-x86_64/libother.so");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trainer-torch-cuda", "trainer-dl4j-cuda"})
    void an_image_for_gpus_lies_on_its_base_and_brings_its_own_java(String name) throws Exception {
        Map<String, byte[]> image = build(name, Optional.of(base()));
        JsonNode config = config(image);
        assertThat(files(image).keySet())
                .contains(
                        "usr/local/cuda/lib64/libcudart.so",
                        "opt/java/openjdk/bin/java",
                        "opt/pnas-native/org/bytedeco/torch/linux-x86_64-gpu/libtorch.so",
                        "opt/pnas/quarkus-run.jar");
        assertThat(executables(image)).containsExactly("opt/java/openjdk/bin/java");
        assertThat(config.path("User").asText()).isEqualTo("10001:10001");
        assertThat(config.path("Entrypoint").get(0).asText()).isEqualTo("/opt/java/openjdk/bin/java");
        assertThat(config.path("Entrypoint").toString()).contains("-XX:MaxRAMPercentage=10");
        assertThat(config.path("Env").toString())
                .contains(
                        "LD_LIBRARY_PATH=/usr/local/cuda/lib64",
                        "-XX:MaxRAMPercentage=35",
                        "-Djava.library.path=/opt/pnas-native/org/bytedeco/torch/linux-x86_64-gpu:");
        assertThat(config.path("Env").toString().contains("--sun-misc-unsafe-memory-access=allow"))
                .isEqualTo(name.contains("dl4j"));
    }

    @Test
    void a_trainer_without_native_libraries_makes_no_image() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThatThrownBy(() -> new Parts(folder.resolve("parts")).takeNatives(empty))
                .hasMessage("no jar in " + empty + " has native libraries for Linux on x86-64");
    }

    @Test
    void two_builds_of_the_same_files_are_the_same() throws Exception {
        assertThat(build("trainer-torch", Optional.empty()).get("config.json"))
                .isEqualTo(build("trainer-torch", Optional.empty()).get("config.json"));
    }

    @Test
    void an_image_lies_beside_the_list_of_what_is_in_it() throws Exception {
        build("predictor", Optional.empty());
        Files.writeString(folder.resolve("predictor-service/target/sbom.json"), "{\"bomFormat\": \"CycloneDX\"}");
        Files.createDirectories(folder.resolve("k8s"));
        Files.copy(Path.of("../k8s/images.properties"), folder.resolve("k8s/images.properties"));
        Path files = folder.resolve("files");
        System.setProperty("pnas.install", folder.toString());
        try {
            assertThat(ImagesCommand.run("--tar", files.toString(), "--base", "tar:" + base(), "predictor"))
                    .isZero();
        } finally {
            System.clearProperty("pnas.install");
        }

        assertThat(files.resolve("predictor.tar")).isNotEmptyFile();
        assertThat(files.resolve("predictor.cdx.json")).content().contains("CycloneDX");
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
        assertThat(ServiceImage.ALL)
                .allSatisfy(image -> assertThat(ServiceImage.reference(images, image.base()))
                        .contains(":")
                        .doesNotEndWith(":latest"));
        assertThatThrownBy(() -> ServiceImage.reference(images, "oracle"))
                .hasMessage("images.properties has no image oracle");
    }

    /** Builds an image of a small application, and reads what the file holds. */
    private Map<String, byte[]> build(String name, Optional<Path> base) throws Exception {
        ServiceImage image = ServiceImage.ALL.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        Path application = image.application(folder);
        for (String file : List.of(
                "quarkus-run.jar",
                "app/own.jar",
                "lib/main/library.jar",
                "lib/main/natives.jar",
                "quarkus/generated.jar")) {
            Files.createDirectories(application.resolve(file).getParent());
            jar(application.resolve(file), "org/library/Library.class");
        }
        jar(
                application.resolve("lib/main/natives.jar"),
                "org/bytedeco/torch/linux-x86_64-gpu/libtorch.so",
                "org/bytedeco/torch/Tensor.class",
                "org/nd4j/blas/linux-x86_64/libopenblas.so.0",
                // One of those that load their library by themselves.
                "lib/linux-x86_64/libother.so");
        Parts parts = new Parts(Files.createTempDirectory(folder, "parts"));
        if (image.childOptions().isPresent()) {
            parts.takeNatives(application.resolve("lib/main"));
        }
        if (image.isForCuda()) {
            Path java = parts.java().resolve("bin/java");
            Files.createDirectories(java.getParent());
            Files.writeString(java, "java");
            Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path tar = folder.resolve(name + ".tar");
        image.build(
                base.isPresent() ? ServiceImage.on("tar:" + base.get()) : Jib.fromScratch(),
                folder,
                parts,
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

    /** A jar with a file of each name, in which that name stands. */
    private static void jar(Path file, String... names) throws IOException {
        try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String name : names) {
                ZipEntry entry = new ZipEntry(name);
                // Else that of the clock, and two jars of the same files differ now and then.
                entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
                jar.putNextEntry(entry);
                jar.write(name.getBytes(UTF_8));
            }
        }
    }

    /** A stand-in for a base with CUDA, as {@code docker save} writes images. */
    private Path base() throws Exception {
        Path library = Files.writeString(folder.resolve("libcudart.so"), "cudart");
        Path file = folder.resolve("cuda.tar");
        Jib.fromScratch()
                .addEnvironmentVariable("LD_LIBRARY_PATH", "/usr/local/cuda/lib64")
                .addLayer(List.of(library), "/usr/local/cuda/lib64")
                .containerize(Containerizer.to(TarImage.at(file).named("cuda:1"))
                        .setBaseImageLayersCache(folder.resolve("base-cache"))
                        .setApplicationLayersCache(folder.resolve("cache"))
                        .setOfflineMode(true));
        return file;
    }

    private static JsonNode config(Map<String, byte[]> image) throws IOException {
        return JSON.readTree(image.get("config.json")).path("config");
    }

    /** The files of all layers with what stands in them. */
    private static Map<String, byte[]> files(Map<String, byte[]> image) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        visit(image, (entry, bytes) -> files.put(entry.getName(), bytes));
        return files;
    }

    private static Set<String> executables(Map<String, byte[]> image) throws IOException {
        Set<String> names = new TreeSet<>();
        visit(image, (entry, bytes) -> {
            if ((entry.getMode() & 0111) != 0) {
                names.add(entry.getName());
            }
        });
        return names;
    }

    private static void visit(Map<String, byte[]> image, BiConsumer<TarArchiveEntry, byte[]> visitor)
            throws IOException {
        for (Map.Entry<String, byte[]> layer : image.entrySet()) {
            if (!layer.getKey().endsWith(".tar.gz")) {
                continue;
            }
            try (TarArchiveInputStream entries =
                    new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(layer.getValue())))) {
                for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                    if (entry.isFile()) {
                        visitor.accept(entry, entries.readAllBytes());
                    }
                }
            }
        }
    }
}
