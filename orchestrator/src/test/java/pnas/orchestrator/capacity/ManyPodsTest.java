package pnas.orchestrator.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ManyPodsTest {
    @Test
    void pods_are_listed_by_pages_and_then_watched() throws IOException {
        try (ManyPods cluster = new ManyPods(1200, 200)) {
            ManyPods.Reader.read(cluster.url(), 1200, 200, cluster::change);

            assertThat(cluster.largestPage()).isEqualTo(500);
            assertThat(cluster.pages())
                    .as("one to ask for the right, and three")
                    .isEqualTo(4);
        }
    }
}
