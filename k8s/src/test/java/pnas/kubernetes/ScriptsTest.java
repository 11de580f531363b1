package pnas.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up.sh} and {@code smoke.sh} as far as they come without a cluster: a script is {@code kubectl}, which keeps Secrets as files. */
class ScriptsTest {
    private static final String KUBECTL = """
            #!/bin/bash
            cd "$(dirname "$0")"
            echo "$*" >>calls
            case "$*" in
                *"get secret"*) [ -e "secret-${*: -1}" ] ;;
                *"create secret generic"*)
                    [ ! -e refuses ] || exit 1
                    touch "secret-$6"
                    for part in "$@"; do
                        case $part in --from-file=*) cp "${part##*=}" "secret-$6" ;; esac
                    done
                    ;;
                *current-context) echo test ;;
                version*) [ ! -e old ] || echo 'Server Version: v1.26.15-eks' ;;
                *"get storageclass"*) [ -e nodefault ] && echo standard= || echo standard=true ;;
                *"get namespace"*) [ ! -e silent ] ;;
            esac
            """;

    private record Answer(int status, String errors) {}

    @TempDir
    private Path folder = Path.of("");

    private Path key = Path.of("");

    @BeforeEach
    void makeKubectl() throws IOException {
        Path kubectl = Files.writeString(folder.resolve("kubectl"), KUBECTL);
        Files.setPosixFilePermissions(kubectl, PosixFilePermissions.fromString("rwx------"));
        key = folder.resolve("admin.key");
    }

    @Test
    void say_which_tool_is_missing() throws Exception {
        Path empty = Files.createDirectory(folder.resolve("programs"));
        for (String tool : List.of("dirname", "readlink")) {
            Files.createSymbolicLink(empty.resolve(tool), program(tool));
        }
        for (String script : List.of("up", "smoke")) {
            assertThat(runOn(empty.toString(), script))
                    .isEqualTo(new Answer(2, script + ": kubectl is missing: install it and run this again.\n"));
        }
    }

    @Test
    void refuse_what_they_do_not_understand() throws Exception {
        assertThat(run("smoke", "--quick"))
                .isEqualTo(new Answer(2, "smoke: unknown option '--quick': there are --keep and --timeout SECONDS.\n"));
        assertThat(run("up", "--quick"))
                .isEqualTo(new Answer(
                        2, "up: unknown option '--quick': there are --key-file FILE and --timeout SECONDS.\n"));
        for (String script : List.of("up", "smoke")) {
            assertThat(run(script, "--timeout", "5m"))
                    .isEqualTo(new Answer(2, script + ": --timeout must be a number of seconds, got '5m'.\n"));
        }
    }

    @Test
    void up_refuses_a_cluster_that_is_too_old() throws Exception {
        Files.createFile(folder.resolve("old"));
        assertThat(up())
                .isEqualTo(new Answer(2, "up: the cluster has Kubernetes 1.26, and this needs 1.27 or later.\n"));
    }

    @Test
    void up_makes_secrets_that_stand_in_no_list_of_processes_and_keeps_them() throws Exception {
        assertThat(up()).isEqualTo(new Answer(0, "Context: test\nThe first key of the platform is in " + key + ".\n"));

        String made = Files.readString(key);
        String password = Files.readString(folder.resolve("secret-pnas-database-app"));
        String hash = DigestUtils.sha256Hex(made);
        assertThat(made).matches("pnas_[0-9a-f]{10}_[0-9a-f]{64}");
        assertThat(folder.resolve("secret-pnas-admin-key")).hasContent(hash);
        assertThat(password).matches("[0-9a-f]{32}");
        assertThat(Files.getPosixFilePermissions(key)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(folder.resolve("calls")).content().contains("apply -k").doesNotContain(password, made, hash);

        assertThat(up()).isEqualTo(new Answer(0, "Context: test\n"));
        assertThat(folder.resolve("secret-pnas-database-app")).hasContent(password);
        assertThat(key).hasContent(made);
    }

    @Test
    void up_says_what_to_do_where_no_storage_class_is_the_default_one() throws Exception {
        Files.createFile(folder.resolve("nodefault"));
        assertThat(up())
                .isEqualTo(
                        new Answer(
                                2,
                                "up: no storage class of the cluster is the default one, so the volumes would wait for ever:"
                                        + " kubectl annotate storageclass standard storageclass.kubernetes.io/is-default-class=true\n"));
        assertThat(folder.resolve("calls")).content().doesNotContain("apply");
    }

    @Test
    void up_overwrites_no_key_and_leaves_none_that_opens_nothing() throws Exception {
        Files.writeString(key, "of another platform");
        assertThat(up())
                .isEqualTo(new Answer(
                        2,
                        "Context: test\nup: " + key
                                + " is there already: move it, or name another file with --key-file.\n"));
        assertThat(key).hasContent("of another platform");

        Files.delete(key);
        Files.createFile(folder.resolve("refuses"));
        assertThat(up().status()).isEqualTo(1);
        assertThat(key).doesNotExist();
    }

    @Test
    void smoke_removes_nothing_of_a_cluster_that_does_not_answer() throws Exception {
        Files.createFile(folder.resolve("silent"));
        assertThat(run("smoke"))
                .isEqualTo(
                        new Answer(
                                2,
                                "smoke: the cluster of the current kubectl context does not say whether it has the namespace pnas.\n"));
        assertThat(folder.resolve("calls")).content().doesNotContain("delete");
    }

    private Answer up() throws IOException, InterruptedException {
        return run("up", "--key-file", key.toString());
    }

    private Answer run(String script, String... arguments) throws IOException, InterruptedException {
        return runOn(folder + File.pathSeparator + System.getenv("PATH"), script, arguments);
    }

    private static Answer runOn(String path, String script, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(
                        Stream.of(
                                program("bash").toString(),
                                Project.FOLDER.resolve(script + ".sh").toString()),
                        Stream.of(arguments))
                .toList());
        builder.environment().put("PATH", path);
        Process process =
                builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), errors);
    }

    private static Path program(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }
}
