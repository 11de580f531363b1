package pnas.images;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A service and how it runs in a container. Nothing of the root file system is written: temporary files go to {@code /tmp}.
 *
 * @param name of the image
 * @param module folder of the packaged Quarkus application
 * @param port where it listens unless told otherwise
 * @param heapShare percentage of the container's memory that the heap may take
 * @param nativeClass a class that loads the native libraries, which the image then has unpacked
 */
record ServiceImage(String name, String module, int port, int heapShare, Optional<String> nativeClass) {
    static final List<ServiceImage> ALL = List.of(
            new ServiceImage("orchestrator", "orchestrator", 8080, 60, Optional.empty()),
            new ServiceImage("predictor", "predictor-service", 8082, 70, Optional.empty()),
            // The process that trains takes the most, and its libraries more than its heap.
            new ServiceImage(
                    "trainer-torch",
                    "trainer-service/torch",
                    8081,
                    10,
                    Optional.of("org.bytedeco.pytorch.global.torch")));

    private static final String APPLICATION = "/opt/pnas";
    private static final String NATIVE = "/opt/pnas-native";
    /** No user of any base image. */
    private static final String USER = "10001:10001";

    Path application(Path install) {
        return install.resolve(module).resolve("target/quarkus-app");
    }

    /** The list of what is in the application, where the build has written one. */
    Path billOfMaterials(Path install) {
        return install.resolve(module).resolve("target/sbom.json");
    }

    /** Builds the image into whatever the containerizer stands for. */
    void build(JibContainerBuilder base, Path install, Optional<Path> natives, Containerizer target) throws Exception {
        Path application = application(install);
        base.setFormat(ImageFormat.Docker)
                .setCreationTime(Instant.EPOCH)
                .setUser(USER)
                .addExposedPort(Port.tcp(port))
                .setEntrypoint(
                        "java",
                        "-XX:MaxRAMPercentage=" + heapShare,
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-jar",
                        APPLICATION + "/quarkus-run.jar")
                // What changes least comes first.
                .addFileEntriesLayer(tree("libraries", application.resolve("lib"), APPLICATION + "/lib"));
        if (natives.isPresent()) {
            base.addFileEntriesLayer(tree("native libraries", natives.get(), NATIVE))
                    .addEnvironmentVariable(
                            "PNAS_TRAINER_CHILD_JAVA_OPTIONS",
                            "-XX:MaxRAMPercentage=35,-XX:+UseSerialGC,-XX:-UsePerfData,--enable-native-access=ALL-UNNAMED,"
                                    // Not as the loader's cache, which it must be able to write.
                                    + "-Dorg.bytedeco.javacpp.pathsFirst=true,-Djava.library.path="
                                    + libraryPath(natives.get()));
        }
        FileEntriesLayer.Builder program = FileEntriesLayer.builder().setName("application");
        add(program, application.resolve("app"), APPLICATION + "/app");
        add(program, application.resolve("quarkus"), APPLICATION + "/quarkus");
        add(program, application.resolve("quarkus-run.jar"), APPLICATION + "/quarkus-run.jar");
        base.addFileEntriesLayer(program.build()).containerize(target);
    }

    /** Unpacks the native libraries as the program would at its first start, into an empty folder. */
    void unpack(Path install, Path folder) throws IOException, InterruptedException {
        Path main = application(install).resolve("lib/main");
        Process loader = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path") + ":" + main + "/*",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dorg.bytedeco.javacpp.cachedir=" + folder,
                        LoadNatives.class.getName(),
                        nativeClass.orElseThrow())
                .inheritIO()
                .start();
        if (loader.waitFor() != 0) {
            throw new IOException("the native libraries of " + name + " could not be loaded here");
        }
        Files.deleteIfExists(folder.resolve(".lock"));
    }

    /** The folders of the image that libraries lie in. */
    private static String libraryPath(Path natives) throws IOException {
        try (Stream<Path> tree = Files.walk(natives)) {
            return tree.filter(Files::isRegularFile)
                    .map(file -> NATIVE + "/" + natives.relativize(file.getParent()))
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(":"));
        }
    }

    private static FileEntriesLayer tree(String layer, Path folder, String place) {
        FileEntriesLayer.Builder builder = FileEntriesLayer.builder().setName(layer);
        add(builder, folder, place);
        return builder.build();
    }

    private static void add(FileEntriesLayer.Builder layer, Path source, String place) {
        try (Stream<Path> tree = Files.walk(source)) {
            for (Path file : (Iterable<Path>) tree.sorted()::iterator) {
                String relative = source.relativize(file).toString();
                AbsoluteUnixPath target = AbsoluteUnixPath.get(relative.isEmpty() ? place : place + "/" + relative);
                boolean isFolder = Files.isDirectory(file);
                layer.addEntry(
                        file,
                        target,
                        isFolder
                                ? FilePermissions.DEFAULT_FOLDER_PERMISSIONS
                                : FilePermissions.DEFAULT_FILE_PERMISSIONS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What images.properties calls an image. */
    static String reference(Map<Object, Object> images, String name) {
        Object reference = images.get(name);
        if (reference == null) {
            throw new IllegalArgumentException("images.properties has no image " + name);
        }
        return reference.toString();
    }

    /** A builder on a base, which is a file where it begins with {@code tar:}. */
    static JibContainerBuilder on(String base) throws Exception {
        return Jib.from(
                base.startsWith("tar:") ? "tar://" + Path.of(base.substring(4)).toAbsolutePath() : base);
    }
}
