package pnas.trainer.checkpoint;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;

/**
 * Checkpoints as directories {@code trial/attempt/epoch}, models as files {@code trial.safetensors} of another directory. Each is written beside
 * its place, forced to the disk and renamed, so that no reader ever sees a part of it.
 */
public final class CheckpointDirectory implements CheckpointStore {
    private static final Pattern SAFE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final String IDENTITY = "identity";
    private static final String MODEL_SUFFIX = ".safetensors";
    private static final long MEBIBYTE = 1 << 20;
    /** Where models share a disk with others, these go on when it is nearly full. */
    private static final long RESERVE = 1024 * MEBIBYTE;

    private final Path root;
    private final Optional<Path> models;

    /**
     * Keeps checkpoints and models under these directories, which are made where they do not exist.
     *
     * @param root of the checkpoints
     * @param models of the models; none is kept where it is empty
     */
    public CheckpointDirectory(Path root, Optional<Path> models) {
        this.root = root;
        this.models = models;
    }

    @Override
    public Optional<Checkpoint> furthest(String trialId, String identity) {
        Path trial = trial(trialId);
        try {
            return numbered(trial).stream()
                    .flatMap(attempt -> numberedUnchecked(attempt).stream()
                            .map(epoch -> new Checkpoint(number(attempt), number(epoch), epoch)))
                    .filter(checkpoint -> hasIdentity(checkpoint.directory(), identity))
                    .max(Comparator.comparingInt(Checkpoint::epoch).thenComparingInt(Checkpoint::attempt));
        } catch (IOException | UncheckedIOException e) {
            throw failure("cannot look for checkpoints in " + trial, e);
        }
    }

    @Override
    public void write(String trialId, int attempt, int epoch, String identity, Content content) {
        Path parent = trial(trialId).resolve(Integer.toString(attempt));
        Path place = parent.resolve(Integer.toString(epoch));
        try {
            Files.createDirectories(parent);
            // A name of its own: a job that was delivered twice has two writers for a while.
            Path draft = Files.createTempDirectory(parent, epoch + ".draft");
            try {
                content.writeTo(draft);
                Files.writeString(draft.resolve(IDENTITY), identity);
                forceTree(draft);
                // The same epoch of the same attempt: the job was delivered twice, and either checkpoint is right.
                delete(place);
                Files.move(draft, place, ATOMIC_MOVE);
            } finally {
                // Half of one would keep a full disk full.
                delete(draft);
            }
            force(parent);
            for (Path earlier : numbered(parent)) {
                if (number(earlier) < epoch) {
                    delete(earlier);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw failure("cannot write checkpoint " + place, e);
        }
    }

    @Override
    public void keep(String trialId, Model model) {
        models.ifPresent(directory -> keep(directory, requireSafe(trialId), model));
    }

    private static void keep(Path directory, String trialId, Model model) {
        Path place = directory.resolve(trialId + MODEL_SUFFIX);
        // A name of its own, for the same reason as a checkpoint's. Not made beforehand: it is to have the rights of
        // any new file.
        Path draft = directory.resolve(draftsOf(trialId) + UUID.randomUUID());
        try {
            Files.createDirectories(directory);
            long room = Files.getFileStore(directory).getUsableSpace();
            if (room < RESERVE) {
                throw new IOException("only " + room / MEBIBYTE + " MiB are left there, and " + RESERVE / MEBIBYTE
                        + " MiB stay free for what is more than a model");
            }
            try {
                model.writeTo(draft);
                force(draft);
                Files.move(draft, place, ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
            force(directory);
        } catch (IOException | UncheckedIOException e) {
            throw failure("cannot write model " + place, e);
        }
    }

    @Override
    public void remove(String trialId) {
        Path trial = trial(trialId);
        try {
            delete(trial);
            if (models.isPresent()) {
                deleteDrafts(models.get(), trialId);
            }
        } catch (IOException | UncheckedIOException e) {
            throw failure("cannot remove the checkpoints in " + trial, e);
        }
    }

    /** How the names of the drafts of a trial's model begin. */
    private static String draftsOf(String trialId) {
        return "." + trialId + ".draft-";
    }

    /** Those of a writer that died; a trial whose model is still written by another has one model less. */
    private static void deleteDrafts(Path directory, String trialId) throws IOException {
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(directory, draftsOf(trialId) + "*")) {
            for (Path draft : drafts) {
                Files.deleteIfExists(draft);
            }
        } catch (NoSuchFileException e) {
            // No model was ever kept.
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private Path trial(String trialId) {
        return root.resolve(requireSafe(trialId));
    }

    private static String requireSafe(String trialId) {
        if (!SAFE_NAME.matcher(trialId).matches()) {
            throw new PnasException(
                    ErrorCode.INVALID_INPUT,
                    "a trial id must be up to 100 letters, digits, '_' and '-', got '" + trialId + "'");
        }
        return trialId;
    }

    private static boolean hasIdentity(Path checkpoint, String identity) {
        try {
            return Files.readString(checkpoint.resolve(IDENTITY)).equals(identity);
        } catch (NoSuchFileException e) {
            return false; // Removed since it was listed.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The entries with a number for a name; none where the directory does not exist. */
    private static List<Path> numbered(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry ->
                            NUMBER.matcher(entry.getFileName().toString()).matches())
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static List<Path> numberedUnchecked(Path directory) {
        try {
            return numbered(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int number(Path entry) {
        return Integer.parseInt(entry.getFileName().toString());
    }

    private static void forceTree(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path entry : (Iterable<Path>) tree::iterator) {
                force(entry);
            }
        }
    }

    private static void force(Path entry) throws IOException {
        try (FileChannel channel = FileChannel.open(entry, READ)) {
            channel.force(true);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> entries = Files.walk(tree)) {
            deepestFirst = entries.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path entry : deepestFirst) {
            Files.deleteIfExists(entry);
        }
    }

    private static PnasException failure(String what, Exception cause) {
        return new PnasException(ErrorCode.STORAGE_FAILURE, what + ": " + cause.getMessage(), cause);
    }
}
