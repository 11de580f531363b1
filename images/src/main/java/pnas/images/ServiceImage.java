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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pnas.process.JavaCommand;
import pnas.process.Program;

/**
 * A service and how it runs in a container. Nothing of the root file system is written: temporary files go to {@code /tmp}.
 *
 * @param name of the image
 * @param module folder of the Quarkus application
 * @param base what images.properties calls the image that this one is built on
 * @param port where it listens unless told otherwise
 * @param heapShare percentage of the container's memory that the heap may take
 * @param childOptions of a trainer with native libraries, the options that the Java of its engine needs; the image then has the libraries unpacked
 */
record ServiceImage(
        String name, String module, String base, int port, int heapShare, Optional<List<String>> childOptions) {
    private static final String JAVA_BASE = "base.java";
    /** Of a trainer: the process that trains takes the most, and its libraries more than its heap. */
    private static final int TRAINER_HEAP_SHARE = 10;

    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    static final List<ServiceImage> ALL = List.of(
            new ServiceImage("orchestrator", "orchestrator", JAVA_BASE, 8080, 60, Optional.empty()),
            new ServiceImage("predictor", "predictor-service", JAVA_BASE, 8082, 70, Optional.empty()),
            // What the Java of its engine needs stands in the application itself.
            new ServiceImage(
                    "trainer-vector", "trainer-service/vector", JAVA_BASE, 8081, TRAINER_HEAP_SHARE, Optional.empty()),
            trainer("trainer-torch", "trainer-service/torch", JAVA_BASE, NATIVE_ACCESS),
            trainer("trainer-torch-cuda", "trainer-service/torch", "base.cuda-13.1", NATIVE_ACCESS),
            trainer(
                    "trainer-dl4j-cuda",
                    "trainer-service/dl4j",
                    "base.cuda-11.6",
                    NATIVE_ACCESS,
                    "--sun-misc-unsafe-memory-access=allow"));

    private static final String APPLICATION = "/opt/pnas";
    private static final String NATIVE = "/opt/pnas-native";
    private static final String JAVA = "/opt/java/openjdk";
    /** No user of any base image. */
    private static final String USER = "10001:10001";

    private static ServiceImage trainer(String name, String module, String base, String... childOptions) {
        return new ServiceImage(name, module, base, 8081, TRAINER_HEAP_SHARE, Optional.of(List.of(childOptions)));
    }

    /** Whether it is for GPUs: built by a profile of its own, and on a base that has CUDA and no Java. */
    boolean isForCuda() {
        return !base.equals(JAVA_BASE);
    }

    Path application(Path install) {
        return install.resolve(module).resolve(isForCuda() ? "target/quarkus-app-cuda" : "target/quarkus-app");
    }

    /** The list of what is in the application, where the build has written one. */
    Path billOfMaterials(Path install) {
        return install.resolve(module).resolve(isForCuda() ? "target/sbom-cuda.json" : "target/sbom.json");
    }

    /** Builds the image into whatever the containerizer stands for. */
    void build(JibContainerBuilder base, Path install, Parts parts, Containerizer target) throws Exception {
        Path application = application(install);
        base.setFormat(ImageFormat.Docker)
                .setCreationTime(Instant.EPOCH)
                .setUser(USER)
                .addExposedPort(Port.tcp(port))
                .setEntrypoint(entryPoint());
        Program.LANGUAGE.forEach(base::addEnvironmentVariable);
        // What changes least comes first.
        if (isForCuda()) {
            base.addFileEntriesLayer(tree("java", parts.java(), JAVA));
        }
        if (childOptions.isPresent()) {
            base.addFileEntriesLayer(tree("native libraries", parts.natives(), NATIVE))
                    .addEnvironmentVariable(
                            "PNAS_TRAINER_CHILD_JAVA_OPTIONS",
                            "-XX:MaxRAMPercentage=35,-XX:+UseSerialGC,-XX:-UsePerfData,"
                                    + String.join(",", childOptions.get())
                                    + ","
                                    + String.join(",", loaderOptions(parts.natives(), NATIVE)));
        }
        FileEntriesLayer.Builder libraries = FileEntriesLayer.builder().setName("libraries");
        for (Path jar : files(application.resolve("lib"))) {
            add(libraries, parts.inPlaceOf(jar), APPLICATION + "/" + application.relativize(jar));
        }
        FileEntriesLayer.Builder program = FileEntriesLayer.builder().setName("application");
        addTree(program, application.resolve("app"), APPLICATION + "/app");
        addTree(program, application.resolve("quarkus"), APPLICATION + "/quarkus");
        add(program, application.resolve("quarkus-run.jar"), APPLICATION + "/quarkus-run.jar");
        base.addFileEntriesLayer(libraries.build())
                .addFileEntriesLayer(program.build())
                .containerize(target);
    }

    /** The command that runs the service. */
    List<String> entryPoint() {
        return Stream.of(
                        Stream.of(isForCuda() ? JAVA + "/bin/java" : "java"),
                        JavaCommand.FIXED.stream(),
                        Stream.of(
                                "-XX:MaxRAMPercentage=" + heapShare,
                                "-XX:+UseSerialGC",
                                "-XX:-UsePerfData",
                                "-XX:+ExitOnOutOfMemoryError",
                                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                                "-jar",
                                APPLICATION + "/quarkus-run.jar"))
                .flatMap(words -> words)
                .toList();
    }

    /** By which JavaCPP loads the libraries below a folder from where they lie at a place, and copies none. */
    static List<String> loaderOptions(Path natives, String place) throws IOException {
        String path = files(natives).stream()
                .map(file -> place + "/" + natives.relativize(file.getParent()))
                .distinct()
                .collect(Collectors.joining(":"));
        return List.of(
                "-Dorg.bytedeco.javacpp.pathsFirst=true",
                "-Djava.library.path=" + path,
                // It copies what it loads by another name, as OpenBLAS, unless that is there by this name already.
                "-Dorg.bytedeco.javacpp.platform.preload=gcc_s@.1:quadmath@.0:gfortran@.5:openblas_nolapack@.0");
    }

    private static FileEntriesLayer tree(String layer, Path folder, String place) throws IOException {
        FileEntriesLayer.Builder builder = FileEntriesLayer.builder().setName(layer);
        addTree(builder, folder, place);
        return builder.build();
    }

    private static void addTree(FileEntriesLayer.Builder layer, Path folder, String place) throws IOException {
        for (Path file : files(folder)) {
            add(layer, file, place + "/" + folder.relativize(file));
        }
    }

    private static void add(FileEntriesLayer.Builder layer, Path file, String place) throws IOException {
        layer.addEntry(
                file.toRealPath(),
                AbsoluteUnixPath.get(place),
                FilePermissions.fromOctalString(Files.isExecutable(file) ? "755" : "644"));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).sorted().toList();
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
