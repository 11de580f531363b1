package pnas.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * TCP ports of the loopback address that stay the same over restarts, so that clients find a server again that was stopped and started.
 */
final class RememberedPorts {
    private RememberedPorts() {}

    /**
     * The ports that the file names, one a line, or as many free ones, which are then written to it. Ports that another program has
     * taken since are replaced.
     */
    static List<Integer> in(Path file, int count, RandomGenerator random) throws IOException {
        try {
            List<Integer> remembered =
                    Files.readAllLines(file).stream().map(Integer::valueOf).toList();
            if (remembered.size() == count && remembered.stream().allMatch(FreePorts::isFree)) {
                return remembered;
            }
        } catch (NoSuchFileException | NumberFormatException e) {
            // The first start, or a file that was cut off by a full disk: choose.
        }
        List<Integer> chosen = FreePorts.choose(count, random);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, chosen.stream().map(String::valueOf).toList());
        return chosen;
    }
}
