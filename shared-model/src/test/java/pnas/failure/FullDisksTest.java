package pnas.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.failure.FullDisks.Space;

class FullDisksTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final Path HOME = Path.of("/home");

    @Test
    void a_large_disk_is_full_before_its_last_64_MiB_are_written() {
        assertThat(FullDisks.complaint(Map.of(HOME, new Space(100_000 * MEBIBYTE, 64 * MEBIBYTE))))
                .isEmpty();
        assertThat(FullDisks.complaint(Map.of(HOME, new Space(100_000 * MEBIBYTE, 64 * MEBIBYTE - 1))))
                .hasValue("the disk of /home is full (63 of 100000 MiB are free)");
    }

    @Test
    void a_small_disk_is_full_once_a_twentieth_is_free() {
        assertThat(FullDisks.complaint(Map.of(HOME, new Space(100 * MEBIBYTE, 5 * MEBIBYTE))))
                .isEmpty();
        assertThat(FullDisks.complaint(Map.of(HOME, new Space(100 * MEBIBYTE, 5 * MEBIBYTE - 1))))
                .hasValue("the disk of /home is full (4 of 100 MiB are free)");
    }

    @Test
    void looks_at_folders_that_exist(@TempDir Path directory) {
        Path missing = directory.resolve("missing");

        assertThat(FullDisks.spaces(List.of(directory, missing))).containsOnlyKeys(directory);
    }
}
