package pnas.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The checked-in renderings are what kubectl makes of the overlays. Run with {@code -Dpnas.write-docs=true} and kubectl at hand to write them
 * anew.
 */
class RenderingTest {
    private static final Path RENDERED = Project.FOLDER.resolve("rendered");
    private static final boolean WRITES = Boolean.getBoolean("pnas.write-docs");
    private static final Path HASHES = RENDERED.resolve("hashes.sha256");
    private static final List<String> FOLDERS = List.of("base", "components", "overlays", "rendered");

    @TestFactory
    Stream<DynamicTest> a_rendering_is_what_kubectl_makes() {
        return Project.OVERLAYS.stream()
                .map(overlay -> dynamicTest(overlay, () -> {
                    assumeThat(hasKubectl()).as("kubectl is on the PATH").isTrue();
                    String made = kubectl("kustomize", "overlays/" + overlay);
                    Path file = RENDERED.resolve(overlay + ".yaml");
                    if (WRITES) {
                        Files.writeString(file, made);
                    }
                    // By meaning: versions of kubectl break lines in other places.
                    assertThat(Rendering.documents(made)).isEqualTo(Rendering.documents(Project.text(file)));
                }));
    }

    /** As docs/how-to/kubernetes.md says: an overlay with another namespace and a copy of the names' file. */
    @Test
    void two_installations_have_no_object_of_the_whole_cluster_in_common() throws Exception {
        assumeThat(hasKubectl()).as("kubectl is on the PATH").isTrue();
        Path overlay = Files.createTempDirectory(Project.FOLDER.resolve("target"), "second");
        Files.copy(Project.FOLDER.resolve("overlays/gpu/cluster-names.yaml"), overlay.resolve("cluster-names.yaml"));
        Files.writeString(overlay.resolve("kustomization.yaml"), """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                namespace: pnas-second
                resources: [../../overlays/gpu]
                replacements: [{path: cluster-names.yaml}]
                """);
        Rendering second = Rendering.parse(kubectl("kustomize", "target/" + overlay.getFileName()));
        assertThat(second.objects().stream()
                        .filter(object -> !object.at("/metadata").has("namespace")
                                && !Rendering.kind(object).equals("Job"))
                        .map(Rendering::title))
                .containsExactlyInAnyOrder(
                        "Namespace pnas-second", "ClusterRole pnas-pnas-second", "ClusterRoleBinding pnas-pnas-second");
        assertThat(Rule.REFERENCES_RESOLVE.breaches(second)).isEmpty();
        assertThat(second.get("ClusterRoleBinding", "pnas-pnas-second")
                        .at("/subjects/0/namespace")
                        .asText())
                .isEqualTo("pnas-second");
    }

    /** Finds renderings that were forgotten, or changed by hand, where there is no kubectl. */
    @Test
    void the_renderings_are_those_that_were_made_of_the_sources_as_they_are() throws IOException {
        assumeThat(WRITES).as("the renderings are written").isFalse();
        assertThat(hashes())
                .as("sources or renderings have changed: render anew with kubectl and -Dpnas.write-docs=true")
                .isEqualTo(Project.text(HASHES));
    }

    @AfterAll
    static void writeHashes() throws IOException {
        if (WRITES && hasKubectl()) {
            Files.writeString(HASHES, hashes());
        }
    }

    /** A line for each file that the overlays are made of, and for what was made of them. */
    private static String hashes() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String folder : FOLDERS) {
            List<Path> files;
            try (Stream<Path> tree = Files.walk(Project.FOLDER.resolve(folder))) {
                files = tree.filter(Files::isRegularFile)
                        .filter(file -> !file.toString().contains("/examples/") && !file.equals(HASHES))
                        .sorted()
                        .toList();
            }
            for (Path file : files) {
                lines.append(DigestUtils.sha256Hex(Files.readAllBytes(file)))
                        .append("  ")
                        .append(Project.FOLDER.relativize(file))
                        .append('\n');
            }
        }
        return lines.toString();
    }

    private static boolean hasKubectl() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
    }

    private static String kubectl(String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Stream.concat(Stream.of("kubectl"), Stream.of(arguments))
                        .toList())
                .directory(Project.FOLDER.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("kubectl %s", String.join(" ", arguments))
                .isZero();
        return output;
    }
}
