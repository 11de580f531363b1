package pnas.dataset;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.DataSet;

/**
 * Data sets from elsewhere, each fetched once into a folder that all processes of a node may share. One lies there, under its checksum and its
 * name, only when it is whole and right.
 */
final class DataCache {
    private static final Logger LOG = System.getLogger(DataCache.class.getPackageName());
    /** Of an archive; that of CIFAR-10 has 170 MB. */
    private static final long MOST_BYTES = 16L << 30;

    private static final Duration PAUSE = Duration.ofSeconds(3);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    /** A lock of a file keeps other processes out, but not the threads of this one. */
    private static final Lock IN_THIS_PROCESS = new ReentrantLock();

    private final Path folder;

    /** @param folder made at the first fetch */
    DataCache(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /**
     * Where a data set lies here, fetched where it does not yet. The second one to come waits for the first.
     *
     * @param unwanted asked again and again whether to stop
     * @throws PnasException as {@link Download#run} and {@link ImageArchive#unpack} say
     * @throws CancellationException where it was unwanted
     */
    Path fetched(DataSource source, BooleanSupplier unwanted) {
        Path place = folder.resolve(source.sha256()).resolve(source.name());
        if (Files.exists(place)) {
            return place;
        }
        try {
            Files.createDirectories(place.getParent());
            acquire(unwanted, () -> IN_THIS_PROCESS.tryLock() ? IN_THIS_PROCESS : null);
            try (FileChannel file = FileChannel.open(
                    place.resolveSibling(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                try (FileLock _ = acquire(unwanted, file::tryLock)) {
                    if (!Files.exists(place)) {
                        fetch(source, place, unwanted);
                    }
                }
            } finally {
                IN_THIS_PROCESS.unlock();
            }
            return place;
        } catch (IOException e) {
            throw new PnasException(
                    ErrorCode.STORAGE_FAILURE,
                    "cannot fetch data set " + source.name() + " into " + folder + " (PNAS_DATA_CACHE): " + e,
                    e);
        }
    }

    /** The checksum of the archive of what lies here; null where it is not of this folder. */
    @Nullable String checksum(Path place) {
        Path parent = place.getParent();
        return parent != null && folder.equals(parent.getParent())
                ? parent.getFileName().toString()
                : null;
    }

    private static void fetch(DataSource source, Path place, BooleanSupplier unwanted) throws IOException {
        boolean isArchive = source.name().equals(DataSet.CIFAR10);
        Path archive = isArchive ? place : place.resolveSibling(source.name() + ".tar.gz");
        if (!Files.exists(archive)) {
            new Download(source.url(), source.sha256(), MOST_BYTES, archive, PAUSE)
                    .run(line -> LOG.log(Level.INFO, "data set {0}: {1}", source.name(), line), unwanted);
        }
        if (!isArchive) {
            Path unpacked = ImageArchive.unpack(archive, source.name(), unwanted);
            Files.move(unpacked, place, StandardCopyOption.ATOMIC_MOVE);
            ImageArchive.delete(ImageArchive.folder(archive, source.name()));
            Files.delete(archive);
        }
    }

    /** Tries until there is something. */
    private static <T> T acquire(BooleanSupplier unwanted, Attempt<T> attempt) throws IOException {
        while (true) {
            T acquired = attempt.make();
            if (acquired != null) {
                return acquired;
            }
            if (unwanted.getAsBoolean()) {
                throw new CancellationException("nobody waits for the data set any more");
            }
            try {
                TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while another one fetches the data set");
            }
        }
    }

    private interface Attempt<T> {
        @Nullable T make() throws IOException;
    }
}
