package pnas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pnas.cli.platform.ExitStatus;
import pnas.process.JavaCommand;

/** The real script in a small checkout, with programs that say how they were called in place of the JDK and Maven. */
@Timeout(60)
class LauncherTest {
    /** What tests are run with where all is built. */
    private static final String PACKAGED =
            "-Dpnas.packaged -Dspotless.check.skip=true -Dmaven.compiler.useIncrementalCompilation=false";

    private static final String JAVA = "#!/bin/sh\necho \"java $*\"\necho \"LC_ALL=$LC_ALL\"\nexit 3\n";
    private static final String MAVEN = """
            #!/bin/sh
            echo "$*" >> maven-calls
            echo '[INFO] Building PNAS shared model 0.1.0          [1/2]'
            echo '[INFO] Building PNAS command line 0.1.0          [2/2]'
            [ ! -e broken ] || { echo '[ERROR] Pnas.java:[1,1] is broken'; exit 1; }
            mkdir -p cli/target && touch cli/target/pnas-cli.jar
            """;

    private record Run(int status, String out, String err) {}

    @TempDir
    private Path folder;

    private Path root;
    private Path jdk;

    @BeforeEach
    void check_out() throws IOException {
        root = Files.createDirectories(folder.resolve("check out"));
        Files.copy(Path.of("..", "pnas"), root.resolve("pnas"));
        executable(root.resolve("pnas"), Files.readString(root.resolve("pnas")));
        jdk = folder.resolve("jdks/some-25");
        executable(jdk.resolve("bin/java"), JAVA);
        executable(jdk.resolve("bin/javac"), JAVA);
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"Someone\"\nJAVA_VERSION=\"25.0.1\"\n");
        executable(folder.resolve("programs/mvn"), MAVEN);
        Files.createFile(root.resolve("pom.xml"));
        for (String module : List.of(
                "shared-model",
                "test-support",
                "local-platform",
                "orchestrator",
                "predictor-service",
                "trainer-service/core",
                "trainer-service/vector")) {
            Files.createDirectories(root.resolve(module));
        }
        Files.createFile(root.resolve("trainer-service/pom.xml"));
        source("cli/src/main/java/Pnas.java");
        Files.createFile(root.resolve("cli/pom.xml"));
    }

    @Test
    void it_and_the_script_of_continuous_integration_are_correct() throws IOException, InterruptedException {
        for (Path script : List.of(
                root.resolve("pnas"),
                Path.of("..", ".ci", "run"),
                Path.of("..", ".ci", "release"),
                Path.of("..", "docs", "outputs.sh"))) {
            String path = script.toAbsolutePath().toString();
            assertThat(start(folder, Map.of(), "bash", "-n", path)).isEqualTo(new Run(0, "", ""));
        }
    }

    @Test
    void says_in_one_sentence_how_to_get_a_jdk() throws IOException, InterruptedException {
        Path none = Files.createDirectories(folder.resolve("none"));
        Run run = start(
                folder,
                Map.of("PATH", none.toString(), "JAVA_HOME", none.toString(), "PNAS_JDK_FOLDERS", none.toString()),
                "/bin/bash",
                root.resolve("pnas").toString(),
                "list");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err())
                .startsWith("pnas: no JDK 25 was found: install one")
                .hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void finds_a_jdk_25_beside_older_ones() throws IOException, InterruptedException {
        Path old = folder.resolve("jdks/an-older-one");
        executable(old.resolve("bin/java"), "#!/bin/sh\necho wrong\n");
        executable(old.resolve("bin/javac"), "#!/bin/sh\necho wrong\n");
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");

        assertThat(pnas(
                                folder,
                                Map.of(
                                        "JAVA_HOME",
                                        old.toString(),
                                        "PNAS_JDK_FOLDERS",
                                        folder.resolve("jdks").toString()),
                                "list")
                        .out())
                .startsWith("java ");
    }

    @Test
    void builds_the_command_once_and_hands_over_arguments_and_status() throws IOException, InterruptedException {
        Run first = pnas(root, Map.of(), "show", "two words");
        assertThat(first.status()).isEqualTo(3);
        assertThat(first.err())
                .matches(
                        "pnas: this is the first build here\\. .*\nBuilding PNAS shared model \\(1 of 2\\)\nBuilding PNAS command line \\(2 of 2\\)\n");
        assertThat(first.out())
                .contains(
                        "-Dpnas.install=" + root.toRealPath(),
                        "-jar " + root.toRealPath() + "/cli/target/pnas-cli.jar show two words")
                .doesNotContain("pnas.columns");

        Run second = pnas(root, Map.of(), "show");
        assertThat(second.err()).isEmpty();
        assertThat(mavenCalls())
                .singleElement()
                .asString()
                .contains("package", "-pl cli -am", "-Dmaven.test.skip=true");
    }

    @Test
    void java_has_one_language_and_the_temporary_folder_of_the_user() throws IOException, InterruptedException {
        Path temporary = Files.createDirectories(folder.resolve("tempor\u00e4r"));
        Run run = pnas(
                root, Map.of("LANG", "tr_TR.UTF-8", "LC_ALL", "tr_TR.UTF-8", "TMPDIR", temporary.toString()), "list");

        assertThat(run.out()).contains(JavaCommand.FIXED).contains("-Djava.io.tmpdir=" + temporary, "LC_ALL=C.UTF-8");
        Run missing = pnas(root, Map.of("TMPDIR", folder.resolve("none").toString()), "list");
        assertThat(missing.err())
                .isEqualTo("pnas: TMPDIR is %s, which is no folder that can be written to: /tmp takes its place.\n"
                        .formatted(folder.resolve("none")));
        assertThat(missing.out()).doesNotContain("java.io.tmpdir");
    }

    @Test
    void writes_nothing_where_nothing_is_to_be_built() throws IOException, InterruptedException {
        pnas(root, Map.of(), "list");
        pnas(root, Map.of(), "up");
        Files.delete(root.resolve("target/build.lock"));

        assertThat(pnas(root, Map.of(), "list").status()).isEqualTo(3);
        assertThat(pnas(root, Map.of(), "up").status()).isEqualTo(3);

        assertThat(root.resolve("target/build.lock")).doesNotExist();
        assertThat(mavenCalls()).hasSize(2);
    }

    @Test
    void builds_no_platform_for_a_search_while_the_development_mode_loads_its_sources()
            throws IOException, InterruptedException {
        pnas(root, Map.of(), "dev");
        assertThat(Files.readString(root.resolve("target/dev"))).matches("[0-9]+\n");
        Files.setLastModifiedTime(
                source("orchestrator/src/main/java/Page.java"),
                FileTime.from(Instant.now().plus(Duration.ofMinutes(1))));
        Process developing = new ProcessBuilder(
                        "bash", "-c", "exec -a \"java -jar $1/cli/target/pnas-cli.jar dev\" cat", "-", root.toString())
                .start();
        try {
            Files.writeString(root.resolve("target/dev"), developing.pid() + "\n");
            pnas(root, Map.of(), "search");
            assertThat(mavenCalls()).hasSize(1);
        } finally {
            developing.destroy();
            developing.waitFor();
        }

        pnas(root, Map.of(), "search");
        assertThat(mavenCalls()).hasSize(2);
    }

    @Test
    void says_who_can_build_where_it_cannot_write() throws IOException, InterruptedException {
        Files.createFile(root.resolve("target"));

        Run run = pnas(root, Map.of(), "list");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).isEqualTo("""
                pnas: something is to be built, and %s/target cannot be written: have its owner run './pnas build', or take a copy of your own.
                """.formatted(root.toRealPath()));
        assertThat(root.resolve("maven-calls")).doesNotExist();
    }

    @Test
    void builds_again_what_changed_and_what_is_gone() throws IOException, InterruptedException {
        pnas(root, Map.of(), "list");
        Files.setLastModifiedTime(
                source("cli/src/main/java/More.java"),
                FileTime.from(Instant.now().plus(Duration.ofMinutes(1))));
        pnas(root, Map.of(), "list");
        assertThat(mavenCalls()).hasSize(2);

        Files.delete(root.resolve("cli/src/main/java/More.java"));
        pnas(root, Map.of(), "list");
        assertThat(mavenCalls()).hasSize(3);

        Files.delete(root.resolve("cli/target/pnas-cli.jar"));
        pnas(root, Map.of(), "list");
        assertThat(mavenCalls()).hasSize(4);
    }

    @Test
    void builds_what_every_platform_has_for_a_command_that_starts_one_and_other_trainers_when_asked()
            throws IOException, InterruptedException {
        Files.createDirectories(root.resolve("trainer-service/torch/target"));
        Files.createFile(root.resolve("trainer-service/torch/pom.xml"));

        pnas(root, Map.of(), "demo");
        pnas(root, Map.of(), "list");
        assertThat(mavenCalls())
                .singleElement()
                .asString()
                .contains("package", "-pl cli,local-platform,orchestrator,predictor-service,", "/vector -am")
                .doesNotContain("torch", "dl4j");

        assertThat(pnas(root, Map.of(), "build", "trainer-service/torch").status())
                .isZero();
        assertThat(pnas(root, Map.of(), "build", "trainer-service/torch").status())
                .isZero();
        assertThat(mavenCalls()).hasSize(2).last().asString().contains("-pl trainer-service/torch -am");
        assertThat(pnas(root, Map.of(), "build", "torch").err())
                .isEqualTo("pnas: no module is in the folder 'torch'.\n");

        pnas(root, Map.of(), "build");
        pnas(root, Map.of(), "bench");
        assertThat(mavenCalls()).hasSize(3).last().asString().doesNotContain("-pl");
    }

    @Test
    void a_first_build_says_before_what_comes() throws IOException, InterruptedException {
        Run run = pnas(root, Map.of(), "demo");

        assertThat(run.err())
                .startsWith("pnas: this is the first build here. ")
                .contains("Then the search begins, which takes about two minutes.\n");
    }

    @Test
    void builds_once_for_the_images_that_are_named_or_for_all() throws IOException, InterruptedException {
        Files.createDirectories(root.resolve("trainer-service/torch/target"));
        Files.createDirectories(root.resolve("trainer-service/dl4j/target"));

        pnas(root, Map.of(), "images", "--tar", "files", "predictor");
        pnas(root, Map.of(), "images", "--help");
        pnas(root, Map.of(), "images");
        assertThat(mavenCalls()).singleElement().asString().contains("package", "-Psbom");

        pnas(root, Map.of(), "images", "--tar", "files");
        pnas(root, Map.of(), "images", "--tar", "files");
        assertThat(mavenCalls()).hasSize(3);
        Run unknown = pnas(root, Map.of(), "images", "--tar", "files", "trainer-dl4j");
        assertThat(unknown.err()).startsWith("pnas: no image is called 'trainer-dl4j': there are orchestrator, ");
        assertThat(mavenCalls().get(1)).contains("-Psbom,cuda -pl trainer-service/torch -am");
        assertThat(mavenCalls().get(2)).contains("-Psbom,nd4j-cuda-11.6 -pl trainer-service/dl4j -am");

        Files.setLastModifiedTime(
                root.resolve("pom.xml"), FileTime.from(Instant.now().plus(Duration.ofMinutes(1))));
        pnas(root, Map.of(), "images", "--tar", "files", "trainer-torch-cuda");
        assertThat(mavenCalls()).hasSize(5);
    }

    @Test
    void a_failed_build_shows_its_errors_and_names_its_log() throws IOException, InterruptedException {
        Files.createFile(root.resolve("broken"));

        Run run = pnas(root, Map.of(), "list");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err())
                .contains("[ERROR] Pnas.java:[1,1] is broken", "its log is " + root.toRealPath() + "/target/build.log");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void works_through_a_link_from_another_folder() throws IOException, InterruptedException {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("pnas"), Path.of("../check out/pnas"));

        Run run = start(elsewhere, environment(Map.of()), link.toString(), "list");

        assertThat(run.out()).contains("-Dpnas.install=" + root.toRealPath() + " ");
    }

    @Test
    void test_runs_the_whole_suite_and_ends_with_its_status() throws IOException, InterruptedException {
        Run passed = pnas(folder, Map.of(), "test", "-Dmore");
        assertThat(passed.status()).isEqualTo(0);
        assertThat(passed.err()).matches("pnas: the whole suite passed in \\d+ s\\.\n");
        assertThat(mavenCalls())
                .containsExactly(
                        "-B -ntp -T1C package -DskipTests -Dmore", "-B -ntp -T1.5C test " + PACKAGED + " -Dmore");

        Files.createFile(root.resolve("broken"));
        Run failed = pnas(folder, Map.of(), "test");
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err()).startsWith("pnas: the whole suite failed with status 1");
    }

    @Test
    void the_proof_on_a_cluster_runs_processes_where_podman_does_not_work() throws IOException, InterruptedException {
        executable(folder.resolve("programs/podman"), "#!/bin/sh\necho 'no namespaces here' >&2\nexit 125\n");

        Run run = pnas(folder, Map.of(), "test", "--kubernetes", "-Dmore");

        assertThat(run.err())
                .startsWith(
                        "pnas: kubelet: processes (podman does not work: no namespaces here)\npnas: the proof passed");
        String proof = " -pl system-tests -am -Dtest=ClusterProof,ManyPodsProof -Dpnas.kubelet=processes -Dmore"
                + " -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false";
        assertThat(mavenCalls())
                .containsExactly("-B -ntp -T1C package -DskipTests" + proof, "-B -ntp -T1.5C test " + PACKAGED + proof);
    }

    @Test
    void the_fuzzing_gets_its_options_and_its_status_is_the_command_s() throws IOException, InterruptedException {
        executable(root.resolve("system-tests/fuzz.sh"), "#!/bin/sh\necho \"fuzzing $*\" >&2\nexit 3\n");

        Run run = pnas(folder, Map.of(), "test", "--fuzz", "--seed", "7");

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).endsWith("fuzzing --seed 7\n");
    }

    private Run pnas(Path workingFolder, Map<String, String> more, String... arguments)
            throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = root.resolve("pnas").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return start(workingFolder, environment(more), command);
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(
                Map.of("PATH", folder.resolve("programs") + ":/usr/bin:/bin", "JAVA_HOME", jdk.toString()));
        environment.putAll(more);
        return environment;
    }

    private Run start(Path workingFolder, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(workingFolder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().retainAll(List.of("HOME", "PATH"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private List<String> mavenCalls() throws IOException {
        return Files.readAllLines(root.resolve("maven-calls"), StandardCharsets.UTF_8);
    }

    private Path source(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }

    private static void executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
