package pnas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pnas.cli.platform.Diagnosis;
import pnas.cli.platform.Diagnosis.Facts;
import pnas.cli.platform.Diagnosis.Port;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Finding;
import pnas.cli.platform.Finding.Result;
import pnas.cli.platform.Json;

class DiagnosisTest {
    private static final long GIB = 1L << 30;
    private static final Instant NOW = Instant.parse("2026-03-01T14:05:10Z");
    private static final Set<String> WIDE = Set.of("sse2", "avx2", "avx512f", "avx512_bf16");
    private static final Port FREE = new Port.Free("http://localhost:8080");

    @Test
    void a_good_machine_lacks_nothing() {
        List<Finding> findings = Diagnosis.of(good());

        assertThat(findings).allMatch(finding -> finding.result() == Result.OK && finding.advice() == null);
        assertThat(DoctorCommand.text(findings)).isEqualTo("""
                ok    JDK              25.0.1
                ok    Maven            Apache Maven 3.9.9
                ok    processor        AVX2, AVX-512, BF16
                ok    C library        glibc 2.36
                ok    cores            4
                ok    memory           8.0 GiB available
                ok    disk             20.0 GiB free
                ok    port             http://localhost:8080 is free
                ok    programs         setsid
                ok    temporary files  programs run there
                ok    /dev/shm         1.0 GiB free
                ok    clock            2026-03-01T14:05:10Z
                ok    GPU              no NVIDIA driver: trainings run on the processor
                ok    open files       1048576 at most
                ok    processes        no limit
                """);
    }

    @Test
    void what_is_missing_fails_with_what_to_do() {
        Facts bare = new Facts(
                Runtime.Version.parse("21.0.2"),
                true,
                null,
                "aarch64",
                1,
                Set.of(),
                GIB,
                GIB / 2,
                null,
                false,
                false,
                null,
                new Diagnosis.Limits(256, 200),
                new Port.Taken("http://localhost:8080"),
                null,
                NOW,
                NOW.plusSeconds(3600));

        List<Finding> findings = Diagnosis.of(bare);

        assertThat(findings)
                .filteredOn(finding -> finding.result() == Result.FAIL)
                .extracting(Finding::check)
                .containsExactly(
                        "JDK",
                        "processor",
                        "C library",
                        "memory",
                        "disk",
                        "port",
                        "programs",
                        "temporary files",
                        "/dev/shm",
                        "open files",
                        "processes");
        assertThat(findings)
                .filteredOn(finding -> finding.result() == Result.WARN)
                .extracting(Finding::check)
                .containsExactly("Maven", "cores", "clock");
        assertThat(findings)
                .filteredOn(finding -> finding.result() != Result.OK)
                .allSatisfy(finding -> assertThat(finding.advice()).isNotBlank());
    }

    @Test
    void few_open_files_are_told_apart_from_enough() {
        assertThat(Diagnosis.limits(new Diagnosis.Limits(256, Long.MAX_VALUE)).getFirst())
                .isEqualTo(
                        Finding.fail(
                                "open files",
                                "256 at most",
                                "raise the limit before, for instance ulimit -n 4096 (for good: nofile in /etc/security/limits.conf)"));
        assertThat(Diagnosis.limits(new Diagnosis.Limits(1024, 1024)))
                .extracting(Finding::result)
                .containsExactly(Result.WARN, Result.WARN);
    }

    @Test
    void versions_are_compared_number_by_number() {
        assertThat(maven("Apache Maven 3.10.0")).isEqualTo(Result.OK);
        assertThat(maven("Apache Maven 4.0.0-rc-4")).isEqualTo(Result.OK);
        assertThat(maven("Apache Maven 3.8.7")).isEqualTo(Result.OK);
        assertThat(maven("Apache Maven 3.8.6")).isEqualTo(Result.WARN);
        assertThat(maven("Apache Maven 3.6")).isEqualTo(Result.WARN);
        assertThat(maven("who knows")).isEqualTo(Result.WARN);
    }

    @Test
    void a_processor_of_the_last_decade_without_wide_vectors_is_good_enough() {
        assertThat(processor(Set.of("avx2"))).satisfies(finding -> {
            assertThat(finding.result()).isEqualTo(Result.OK);
            assertThat(finding.found()).isEqualTo("AVX2, no AVX-512, no BF16: train in fp32");
        });
        assertThat(processor(Set.of("sse2")).result()).isEqualTo(Result.WARN);
    }

    @Test
    void a_platform_that_runs_has_its_port_by_right() {
        Finding port = finding("port", facts("Apache Maven 3.9.9", WIDE, new Port.Ours("http://localhost:8080")));
        assertThat(port.result()).isEqualTo(Result.OK);
    }

    @Test
    void the_doctor_looks_at_this_machine() throws JsonProcessingException {
        // Port 1 is nobody's.
        CommandRun run = CommandRun.of("doctor", "-o", "json", "--url", "http://localhost:1");

        JsonNode document = Json.parse(run.out());
        assertThat(run.status()).isEqualTo(document.path("works").asBoolean() ? ExitStatus.DONE : ExitStatus.FAILED);
        assertThat(document.path("findings")).hasSize(15);
        assertThat(document.path("findings"))
                .filteredOn(finding -> List.of("JDK", "port", "C library", "temporary files")
                        .contains(finding.path("check").asText()))
                .hasSize(4)
                .allSatisfy(
                        finding -> assertThat(finding.path("result").asText()).isEqualTo("ok"));
    }

    @Test
    void the_doctor_tells_another_program_at_the_port_from_the_platform() throws Exception {
        try (RecordedOrchestrator platform = new RecordedOrchestrator();
                RecordedOrchestrator other = new RecordedOrchestrator()) {
            other.forget("GET /api/v1/workers");

            assertThat(CommandRun.of("doctor", "--url", platform.url()).out())
                    .containsPattern("ok +port +a platform answers at " + platform.url());
            CommandRun taken =
                    CommandRun.on(CommandRun.NO_SCREEN, Path.of("no-such-install"), "doctor", "--url", other.url());
            assertThat(taken.status()).isEqualTo(ExitStatus.FAILED);
            assertThat(taken.out()).containsPattern("fail +port +" + other.url() + " is taken by another program: ");
        }
    }

    private static Result maven(String version) {
        return finding("Maven", facts(version, WIDE, FREE)).result();
    }

    private static Finding processor(Set<String> flags) {
        return finding("processor", facts("Apache Maven 3.9.9", flags, FREE));
    }

    private static Finding finding(String check, Facts facts) {
        return Diagnosis.of(facts).stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private static Facts good() {
        return facts("Apache Maven 3.9.9", WIDE, FREE);
    }

    private static Facts facts(@Nullable String maven, Set<String> flags, Port port) {
        return new Facts(
                Runtime.Version.parse("25.0.1"),
                true,
                maven,
                "amd64",
                4,
                flags,
                8 * GIB,
                20 * GIB,
                "glibc 2.36",
                true,
                true,
                GIB,
                new Diagnosis.Limits(1_048_576, Long.MAX_VALUE),
                port,
                null,
                NOW,
                NOW.minusSeconds(60));
    }
}
