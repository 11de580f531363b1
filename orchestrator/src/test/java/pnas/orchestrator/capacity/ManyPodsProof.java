package pnas.orchestrator.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much memory a large cluster takes. Not in the suite, since its 900 MB of pods take a while. */
class ManyPodsProof {
    private static final int PODS = 100_000;
    private static final int EVENTS = 10_000;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void a_hundred_thousand_pods_and_their_changes_are_read_with_192_mb() throws Exception {
        Path log = folder.resolve("reader.log");
        try (ManyPods cluster = new ManyPods(PODS, EVENTS)) {
            Process reader = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin/java").toString(),
                            "-Xmx192m",
                            "-XX:+UseSerialGC",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                            "-cp",
                            System.getProperty("java.class.path"),
                            ManyPods.Reader.class.getName(),
                            cluster.url(),
                            Integer.toString(PODS),
                            Integer.toString(EVENTS))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                assertThat(reader.waitFor(Duration.ofMinutes(25)))
                        .as("it ended in time")
                        .isTrue();
                assertThat(reader.exitValue()).as(log.toString()).isZero();
            } finally {
                reader.destroyForcibly();
            }
            assertThat(cluster.pages()).isEqualTo(1 + PODS / 500);
        }
    }
}
