package pnas.failure;

import java.io.File;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Tells which disks are full, before programs that write to them fail: nearly full counts as full. */
public final class FullDisks {
    private static final long MEBIBYTE = 1 << 20;

    /** So much stays free of a large disk: what the services of a machine write within a few seconds. */
    private static final long RESERVE = 64 * MEBIBYTE;

    /** Of a small disk a reserve of that size would be most of it. */
    private static final long PARTS_OF_A_SMALL_DISK = 20;

    private FullDisks() {}

    /**
     * What a disk has, in bytes.
     *
     * @param total its size
     * @param free what a program of this account may still write
     */
    public record Space(long total, long free) {
        boolean isFull() {
            return free < Math.min(RESERVE, total / PARTS_OF_A_SMALL_DISK);
        }
    }

    /** Looks at the disks of folders. A folder that does not exist, or whose disk does not say what it has, is left out. */
    public static Map<Path, Space> spaces(Collection<Path> folders) {
        Map<Path, Space> spaces = new LinkedHashMap<>();
        for (Path folder : folders) {
            File file = folder.toFile();
            long total = file.getTotalSpace();
            if (total > 0) {
                spaces.put(folder, new Space(total, file.getUsableSpace()));
            }
        }
        return spaces;
    }

    /** The words of a sentence about those that are full, each disk once; nothing where all have room. */
    public static Optional<String> complaint(Map<Path, Space> spaces) {
        Map<Space, Path> full = new LinkedHashMap<>();
        spaces.forEach((folder, space) -> {
            if (space.isFull()) {
                // Two folders of one disk see the same, or nearly: the first of them names it.
                full.putIfAbsent(space, folder);
            }
        });
        return full.entrySet().stream()
                .map(entry -> String.format(
                        Locale.ROOT,
                        "the disk of %s is full (%d of %d MiB are free)",
                        entry.getValue(),
                        entry.getKey().free() / MEBIBYTE,
                        entry.getKey().total() / MEBIBYTE))
                .reduce((first, second) -> first + ", " + second);
    }
}
