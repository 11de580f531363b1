package pnas.dataset;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.input.InputFile;
import pnas.message.DataSet;
import pnas.network.ImageShape;

/**
 * The data sets of a machine, by name: {@code digits}, which ship with the project; {@code cifar10}, an archive or a folder in the binary layout of
 * CIFAR-10; and, under any other name, a folder with a folder of PNG and JPEG images for each class. A file {@code NAME.source} stands for one that
 * lies elsewhere, which is fetched when it is first read. For use by any number of threads.
 */
public final class DataFolder {
    /** What a folder of images is scaled to where nobody says anything else. */
    public static final ImageShape DEFAULT_IMAGE = new ImageShape(32, 32, 3);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    /** How CIFAR-10 may lie in the folder; the last is its official name. */
    private static final List<String> CIFAR10_FILES =
            List.of(DataSet.CIFAR10, DataSet.CIFAR10 + ".tar.gz", "cifar-10-binary.tar.gz");

    private static final String NO_FOLDER = "must be a folder with a folder of images for each class, got a file";
    private static final String REMEDY = ". Choose another name, or remove that";
    private static final int MOST_NAMES = 20;
    /** Raised whenever the same files may give other images. */
    private static final int READER = 2;

    private final Path folder;
    private final DataCache cache;
    private final boolean links;
    private final DataRegister register;

    /** @param folder holds the data sets, or links to them; need not exist. What is fetched goes to {@code data-cache} beside it */
    public DataFolder(Path folder) {
        this(folder, folder.resolveSibling("data-cache"), /* links= */ true);
    }

    /** The same without a register. */
    public DataFolder(Path folder, Path cache, boolean links) {
        this(folder, cache, links, DataRegister.none());
    }

    /**
     * A folder of data sets.
     *
     * @param folder holds the data sets, or links to them; need not exist
     * @param cache gets the data sets that are fetched; made at the first one
     * @param links whether a link that leads out of the folder is a data set
     * @param register remembers what {@link #describe} says
     */
    public DataFolder(Path folder, Path cache, boolean links, DataRegister register) {
        this.folder = folder.toAbsolutePath().normalize();
        this.cache = new DataCache(cache);
        this.links = links;
        this.register = register;
    }

    /** Whether a data set may have this name: letters, digits, dots, underscores and hyphens, the first a letter or digit. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether something lies under this name. Nothing of it is read. */
    public boolean has(String name) {
        return name.equals(DataSet.DIGITS) || (isName(name) && places(name).anyMatch(Files::exists));
    }

    /**
     * Whether this name may stand for what lies elsewhere, and does so already.
     *
     * @param source a file or folder that exists
     * @throws PnasException {@code DATA_SET_MISMATCH} where something else has the name, {@code DATA_SET_UNREADABLE} where no data set of this name
     *     can lie there
     */
    public boolean knows(String name, Path source) {
        requireName(name);
        if (name.equals(DataSet.DIGITS)) {
            throw taken(name, "the data set that ships with PNAS has it. Choose another name");
        }
        try {
            for (Path place : places(name).toList()) {
                if (Files.exists(place) && Files.isSameFile(place, source)) {
                    return true;
                }
                if (Files.exists(place)) {
                    throw taken(
                            name,
                            Files.isSymbolicLink(place)
                                    ? place + " is a link to " + Files.readSymbolicLink(place) + REMEDY
                                    : place + " is there already" + REMEDY);
                }
            }
            if (name.equals(DataSet.CIFAR10) && !new CifarSource(source.toRealPath()).isLikely()) {
                throw SourceFile.unreadable(
                        source.toString(),
                        "is not CIFAR-10 in its binary version, an archive or a folder with data_batch_1.bin and so on, which alone"
                                + " may be called " + DataSet.CIFAR10);
            }
        } catch (IOException e) {
            throw failure(name, e);
        }
        if (!name.equals(DataSet.CIFAR10) && !Files.isDirectory(source)) {
            throw SourceFile.unreadable(source.toString(), NO_FOLDER);
        }
        return false;
    }

    private static PnasException taken(String name, String by) {
        return new PnasException(ErrorCode.DATA_SET_MISMATCH, "the name '" + name + "' is taken: " + by);
    }

    /** Nobody may think that one of two things under a name is used where the other is. */
    private void requireUnshadowed(String name) {
        List<Path> there = places(name)
                .filter(place -> Files.exists(place) || Files.isSymbolicLink(place))
                .toList();
        if (name.equals(DataSet.DIGITS) && !there.isEmpty()) {
            throw new PnasException(
                    ErrorCode.DATA_SET_MISMATCH,
                    "the name '" + name + "' belongs to the data set that ships with PNAS, but " + there.getFirst()
                            + " has it too: rename or remove that");
        }
        if (there.size() > 1 && there.contains(sourceFile(name))) {
            throw new PnasException(
                    ErrorCode.DATA_SET_MISMATCH,
                    "two data sets have the name '" + name + "', " + there.getFirst() + " and " + there.getLast()
                            + ": rename or remove one");
        }
    }

    /**
     * Fetches a data set where it lies elsewhere and is not here yet; any other is left to its reader.
     *
     * @param unwanted asked again and again whether to stop
     * @throws PnasException {@code STORAGE_FAILURE} where it does not come, {@code DATA_SET_MISMATCH} where it has another checksum,
     *     {@code DATA_SET_UNREADABLE} where its source or its archive is not as it should be
     * @throws java.util.concurrent.CancellationException where it was unwanted
     */
    public void fetch(String name, BooleanSupplier unwanted) {
        if (!name.equals(DataSet.DIGITS) && has(name)) {
            local(name, unwanted);
        }
    }

    /**
     * Reads a data set to its end and says what it holds, unless that is registered and no file of it has changed since.
     *
     * @param image what a folder of images is scaled to; other data sets have their own
     * @throws PnasException {@code DATA_SET_MISMATCH} where there is none, {@code DATA_SET_UNREADABLE} where something is wrong with it,
     *     {@code STORAGE_FAILURE} where it cannot be read now
     * @throws IllegalArgumentException where no image can be scaled to that shape
     */
    public Contents describe(String name, ImageShape image) {
        if (isName(name)) {
            requireUnshadowed(name);
        }
        Found found = find(name, image);
        try {
            String fingerprint = fingerprint(found);
            Optional<Contents> known = register.find(name, image, fingerprint);
            if (known.isPresent()) {
                return known.get();
            }
            // One at a time: an archive is held in memory while it is read.
            synchronized (this) {
                // Who waited may find what the one before has read.
                known = register.find(name, image, fingerprint);
                if (known.isPresent()) {
                    return known.get();
                }
                Contents contents = found.source().read(ImageSink.counting());
                // Files that change while they are read are read again the next time.
                if (fingerprint(found).equals(fingerprint)) {
                    register.add(name, image, fingerprint, contents);
                }
                return contents;
            }
        } catch (IOException e) {
            throw failure(name, e);
        }
    }

    /** What was fetched is the same on every machine, whenever it was. */
    private static String fingerprint(Found found) throws IOException {
        return DigestUtils.sha256Hex(
                READER + "\n" + (found.checksum() == null ? found.source().fingerprint() : found.checksum()));
    }

    /** All images of a data set; otherwise as {@link #describe}. */
    public Images read(String name, ImageShape image) {
        ImageSource source = find(name, image).source();
        ImageSink sink = ImageSink.keeping();
        try {
            Contents contents = source.read(sink);
            return new Images(contents, source.brightest(), sink.pixels(), sink.labels());
        } catch (IOException e) {
            throw failure(name, e);
        }
    }

    /**
     * A data set that can be read.
     *
     * @param checksum of the archive that it was fetched as; null where it was not
     */
    private record Found(ImageSource source, @Nullable String checksum) {}

    private Found find(String name, ImageShape image) {
        if (name.equals(DataSet.DIGITS)) {
            return new Found(new DigitsSource(), null);
        }
        requireName(name);
        Path path = local(name, () -> false);
        return new Found(source(name, path, image), cache.checksum(path));
    }

    private static void requireName(String name) {
        if (!isName(name)) {
            throw new PnasException(ErrorCode.DATA_SET_MISMATCH, "'" + name + "' is no name of a data set");
        }
    }

    private static ImageSource source(String name, Path path, ImageShape image) {
        if (name.equals(DataSet.CIFAR10)) {
            return new CifarSource(path);
        }
        if (!Files.isDirectory(path)) {
            throw SourceFile.unreadable(name, NO_FOLDER);
        }
        return new ClassFolders(path, image);
    }

    /** Where a data set lies on this machine, from now on at least. */
    private Path local(String name, BooleanSupplier unwanted) {
        Path path = existing(name);
        if (!links) {
            requireInside(path);
        }
        return path.equals(sourceFile(name)) ? cache.fetched(DataSource.read(name, path), unwanted) : path;
    }

    private Path sourceFile(String name) {
        return folder.resolve(name + DataSource.SUFFIX);
    }

    private void requireInside(Path path) {
        try {
            Path real = path.toRealPath();
            if (!real.startsWith(folder.toRealPath())) {
                throw new PnasException(
                        ErrorCode.DATA_SET_MISMATCH,
                        path + " is a link that leads out of " + folder
                                + ": the data must lie there, unless pnas.data.links allows such links");
            }
        } catch (IOException e) {
            throw failure(path.getFileName().toString(), e);
        }
    }

    private Path existing(String name) {
        Path path = places(name).filter(Files::exists).findFirst().orElse(null);
        if (path != null) {
            return path;
        }
        String what = places(name).anyMatch(Files::isSymbolicLink)
                ? folder.resolve(name) + " is a link to something that does not exist"
                : "there is no data set '" + name + "' in " + folder + ", only " + String.join(", ", names());
        throw new PnasException(ErrorCode.DATA_SET_MISMATCH, what);
    }

    /** Where a data set may lie. */
    private Stream<Path> places(String name) {
        Stream<String> here = (name.equals(DataSet.CIFAR10) ? CIFAR10_FILES : List.of(name)).stream();
        return Stream.concat(here.map(folder::resolve), Stream.of(sourceFile(name)));
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(List.of(DataSet.DIGITS));
        try (Stream<Path> entries = Files.list(folder)) {
            Stream<String> there = entries.map(entry -> entry.getFileName().toString())
                    .map(name -> name.endsWith(DataSource.SUFFIX)
                            ? name.substring(0, name.length() - DataSource.SUFFIX.length())
                            : name)
                    .filter(name -> isName(name) && !name.equals(DataSet.DIGITS));
            there.distinct().sorted().limit(MOST_NAMES).forEach(names::add);
        } catch (IOException e) {
            // Then there are none.
        }
        return names;
    }

    private static PnasException failure(String name, IOException e) {
        String file = e instanceof FileSystemException named && named.getFile() != null ? ", " + named.getFile() : "";
        return InputFile.failure(ErrorCode.DATA_SET_UNREADABLE, "data set " + name + file, e);
    }
}
