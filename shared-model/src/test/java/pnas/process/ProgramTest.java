package pnas.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "KAFKA_SECURITY_PROTOCOL",
                "KAFKA_BOOTSTRAP_SERVERS",
                "kafka_sasl_mechanism",
                "kafka.sasl.mechanism",
                "_PROD_KAFKA_SASL_MECHANISM",
                "MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_BOOTSTRAP_SERVERS",
                "MP_CONFIG_PROFILE",
                "SMALLRYE_CONFIG_LOCATIONS",
                "PGHOST",
                "PGOPTIONS",
                "PGPASSWORD",
                "JAVA_TOOL_OPTIONS",
                "JDK_JAVA_OPTIONS",
                "_JAVA_OPTIONS",
                "CLASSPATH",
                "QUARKUS_DATASOURCE_JDBC_URL",
                "_PROD_QUARKUS_DATASOURCE_JDBC_URL",
                "quarkus.datasource.jdbc.url",
                "QUARKUS_HIBERNATE_ORM_SCHEMA_MANAGEMENT_STRATEGY",
                "QUARKUS_FLYWAY_CLEAN_AT_START",
                "QUARKUS_PROFILE",
                "QUARKUS_CONFIG_LOCATIONS"
            })
    void a_variable_that_would_move_a_service_or_change_its_java_is_dropped_and_named(String name) {
        assertThat(Inheritance.isHandedOn(name)).isFalse();
        assertThat(Inheritance.dropped(List.of("PATH", name, "HOME"))).containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH",
                "HOME",
                "USER",
                "TMPDIR",
                "JAVA_HOME",
                "CUDA_VISIBLE_DEVICES",
                "NVIDIA_VISIBLE_DEVICES",
                "LD_LIBRARY_PATH",
                "LD_PRELOAD",
                "OMP_NUM_THREADS",
                "OPENBLAS_CORETYPE",
                "MKL_NUM_THREADS",
                "https_proxy",
                "HTTPS_PROXY",
                "http_proxy",
                "HTTP_PROXY",
                "all_proxy",
                "ALL_PROXY",
                "no_proxy",
                "NO_PROXY",
                "PNAS_TRAINER_DEVICE",
                "QUARKUS_HTTP_HOST",
                "QUARKUS_LOG_LEVEL",
                "QUARKUS_KUBERNETES_CLIENT_API_SERVER_URL",
                "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT",
                "QUARKUS_FLYWAY_CONNECT_RETRIES_INTERVAL",
                "PAGER",
                "pghost"
            })
    void any_other_variable_is_handed_on(String name) {
        assertThat(Inheritance.isHandedOn(name)).isTrue();
        assertThat(Inheritance.dropped(List.of(name))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_NUMERIC"})
    void the_language_is_replaced_without_a_word(String name) {
        assertThat(Inheritance.isHandedOn(name)).isFalse();
        assertThat(Inheritance.dropped(List.of(name))).isEmpty();
    }

    @Test
    void a_program_gets_what_it_is_given_whatever_its_name_and_one_language() throws IOException, InterruptedException {
        Process process = Program.of("env")
                .with(Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:1", "PGPASSWORD", "of the platform"))
                .start(new Program.Errors.Apart());

        List<String> variables = lines(process);

        assertThat(variables)
                .contains(
                        "LC_ALL=C.UTF-8",
                        "KAFKA_BOOTSTRAP_SERVERS=localhost:1",
                        "PGPASSWORD=of the platform",
                        "PATH=" + System.getenv("PATH"));
        assertThat(variables).noneMatch(variable -> variable.startsWith("LANG="));
    }

    @Test
    void errors_go_where_they_are_sent(@TempDir Path folder) throws IOException, InterruptedException {
        Program loud = Program.of("sh", "-c", "echo said; echo complained >&2");
        Path file = folder.resolve("errors");

        assertThat(lines(loud.start(new Program.Errors.WithOutput()))).containsExactly("said", "complained");
        assertThat(lines(loud.start(new Program.Errors.Discarded()))).containsExactly("said");
        assertThat(lines(loud.start(new Program.Errors.AppendedTo(file)))).containsExactly("said");
        assertThat(lines(loud.inOwnSession().start(new Program.Errors.AppendedTo(file))))
                .containsExactly("said");
        assertThat(file).content().isEqualTo("complained\ncomplained\n");
    }

    @Test
    void java_writes_temporary_files_where_the_user_wants_them_and_can(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(JavaCommand.temporaryFolder(folder.toString())).contains("-Djava.io.tmpdir=" + folder);
        assertThat(JavaCommand.temporaryFolder(file.toString())).isEmpty();
        assertThat(JavaCommand.temporaryFolder(folder.resolve("missing").toString()))
                .isEmpty();
        assertThat(JavaCommand.temporaryFolder("")).isEmpty();
        assertThat(JavaCommand.temporaryFolder(null)).isEmpty();
    }

    private static List<String> lines(Process process) throws IOException, InterruptedException {
        List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(process.waitFor()).isZero();
        return lines;
    }
}
