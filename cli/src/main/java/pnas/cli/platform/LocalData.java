package pnas.cli.platform;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import pnas.dataset.DataFolder;
import pnas.dataset.Download;
import pnas.failure.PnasException;

/**
 * The folder in which the platform of this machine looks for data sets.
 *
 * @param folder where that is
 */
public record LocalData(Path folder) {
    public static final String CIFAR10 = "cifar10";
    private static final String CIFAR10_ARCHIVE = "cifar-10-binary.tar.gz";
    private static final URI CIFAR10_ADDRESS = URI.create("https://www.cs.toronto.edu/~kriz/" + CIFAR10_ARCHIVE);
    private static final String CIFAR10_SHA256 = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd";
    /** It has 170,052,171. */
    private static final long CIFAR10_MOST_BYTES = 256L << 20;

    private static final Duration PAUSE = Duration.ofSeconds(3);

    /**
     * Gives a file or folder of this machine a name in the folder, by a link.
     *
     * @return what takes the link away again
     * @throws CommandFailedException where there is no such file or folder, it cannot be a data set of that name, or something else has the name
     */
    public Runnable add(String name, Path source, PrintWriter narration) {
        if (!DataFolder.isName(name)) {
            throw CommandFailedException.usage(
                    "--dataset must be a name of letters, digits, '.', '_' and '-', got '%s'".formatted(name));
        }
        if (!Files.exists(source)) {
            throw CommandFailedException.usage("--data: there is no file or folder " + source.toAbsolutePath());
        }
        Path place = folder.resolve(name);
        try {
            if (new DataFolder(folder).knows(name, source)) {
                return () -> {};
            }
            Files.createDirectories(folder);
            // What is there all the same leads nowhere.
            Files.deleteIfExists(place);
            Files.createSymbolicLink(place, source.toRealPath());
            narration.println("Data set %s: %s, linked as %s".formatted(name, source.toRealPath(), place));
            return () -> remove(place);
        } catch (PnasException e) {
            throw CommandFailedException.usage("--dataset %s --data %s: %s".formatted(name, source, e.getMessage()));
        } catch (IOException | UnsupportedOperationException e) {
            throw CommandFailedException.failed("cannot link %s as %s: %s".formatted(source, place, e.getMessage()));
        }
    }

    private static void remove(Path link) {
        try {
            Files.deleteIfExists(link);
        } catch (IOException e) {
            throw CommandFailedException.failed("cannot remove %s: %s".formatted(link, Failures.reason(e)));
        }
    }

    /**
     * Downloads CIFAR-10, where it is not here already.
     *
     * @throws CommandFailedException where it does not come
     */
    public void requireCifar10(PrintWriter narration) {
        if (new DataFolder(folder).has(CIFAR10)) {
            return;
        }
        try {
            Files.createDirectories(folder);
            new Download(
                            CIFAR10_ADDRESS,
                            CIFAR10_SHA256,
                            CIFAR10_MOST_BYTES,
                            folder.toRealPath().resolve(CIFAR10_ARCHIVE),
                            PAUSE)
                    .run(
                            line -> {
                                narration.println(line);
                                narration.flush();
                            },
                            () -> false);
        } catch (PnasException e) {
            throw CommandFailedException.failed(
                    e.getMessage() + ". Or fetch it in another way and name the file with --data");
        } catch (IOException e) {
            throw CommandFailedException.failed("cannot write to %s: %s".formatted(folder, Failures.reason(e)));
        }
    }
}
