package pnas.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RememberedPortsTest {
    @TempDir
    private Path directory;

    @Test
    void the_same_ports_are_given_again_until_one_is_taken() throws Exception {
        Path file = directory.resolve("ports");
        List<Integer> first = RememberedPorts.in(file, 2, new Random(1));

        assertThat(first).doesNotHaveDuplicates().hasSize(2);
        assertThat(RememberedPorts.in(file, 2, new Random(2))).isEqualTo(first);
        try (ServerSocket _ = new ServerSocket(first.getLast(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(RememberedPorts.in(file, 2, new Random(3)))
                    .doesNotContain(first.getLast())
                    .hasSize(2);
        }
    }

    @Test
    void a_file_that_was_cut_off_is_replaced() throws Exception {
        Path file = Files.writeString(directory.resolve("ports"), "1234\n");

        List<Integer> chosen = RememberedPorts.in(file, 2, new Random(1));

        assertThat(RememberedPorts.in(file, 2, new Random(2))).isEqualTo(chosen).hasSize(2);
    }
}
