package pnas.dataset;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.io.input.BoundedInputStream;
import org.jspecify.annotations.Nullable;
import pnas.failure.PlainText;
import pnas.failure.PnasException;

/** A gzipped tar of a folder of images, for {@link ClassFolders}. No path in it leads out of it. */
final class ImageArchive {
    private static final int BUFFER = 1 << 16;
    private static final long MOST_UNPACKED_BYTES = 32L << 30;
    private static final int MOST_ENTRIES = 2_000_000;
    /** What the file systems of Linux have. */
    private static final int MOST_NAME_BYTES = 255;

    private ImageArchive() {}

    /**
     * Unpacks {@code CLASS/FILE} or {@code FOLDER/CLASS/FILE}, leaving out what is hidden and what lies beside the folders of the classes.
     *
     * @param name of the data set, for failures
     * @return the folder with the folders of the classes, in one beside the archive, of which any earlier content is gone
     * @throws PnasException {@code DATA_SET_UNREADABLE} where it is something else
     * @throws CancellationException where it was unwanted
     */
    static Path unpack(Path archive, String name, BooleanSupplier unwanted) throws IOException {
        Path folder = folder(archive, name);
        delete(folder);
        Files.createDirectory(folder);
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive), BUFFER);
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(bounded(new GZIPInputStream(file, BUFFER), name))) {
            int entries = 0;
            Set<String> tops = new TreeSet<>();
            for (TarArchiveEntry entry = next(tar, name); entry != null; entry = next(tar, name)) {
                if (unwanted.getAsBoolean()) {
                    throw new CancellationException("nobody wants " + name + " any more");
                }
                entries++;
                if (entries > MOST_ENTRIES) {
                    throw SourceFile.unreadable(name, "has more than " + MOST_ENTRIES + " entries");
                }
                if (!entry.isDirectory()) {
                    take(tar, entry, folder, name).ifPresent(tops::add);
                }
            }
            if (tops.size() > 1) {
                throw SourceFile.unreadable(name, "has classes in more than one folder: " + tops);
            }
            return tops.isEmpty() ? folder : folder.resolve(tops.iterator().next());
        } catch (FileAlreadyExistsException e) {
            throw SourceFile.unreadable(name, folder.relativize(Path.of(e.getFile())) + " stands twice in the archive");
        } catch (EOFException | ZipException e) {
            throw damaged(name, e);
        }
    }

    private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar, String name) {
        try {
            return tar.getNextEntry();
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(name, e);
        }
    }

    private static PnasException damaged(String name, Exception e) {
        return SourceFile.unreadable(name, "is no gzipped tar archive, or is cut off (" + e.getMessage() + ")");
    }

    /** Where an archive is unpacked. */
    static Path folder(Path archive, String name) {
        return archive.resolveSibling(name + ".unpacking");
    }

    /** Writes a file; gives the folder that its class lies in, where there is one. */
    private static Optional<String> take(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder, String name)
            throws IOException {
        List<String> parts = Arrays.stream(entry.getName().split("/", -1))
                .filter(part -> !part.equals("."))
                .toList();
        if (parts.contains("..") || parts.contains("")) {
            throw SourceFile.unreadable(name, "leads out of its folder by '" + entry.getName() + "'");
        }
        if (parts.size() < 2 || parts.stream().anyMatch(part -> part.startsWith("."))) {
            return Optional.empty();
        }
        if (!entry.isFile() || entry.isLink() || entry.isSymbolicLink() || parts.size() > 3) {
            throw SourceFile.unreadable(
                    name, "expected files CLASS/FILE or FOLDER/CLASS/FILE, got '" + entry.getName() + "'");
        }
        if (parts.stream().anyMatch(part -> part.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES)) {
            throw SourceFile.unreadable(name, "has a file with a name of more than " + MOST_NAME_BYTES + " bytes");
        }
        Path place;
        try {
            place = folder.resolve(String.join("/", parts));
        } catch (InvalidPathException e) {
            throw SourceFile.unreadable(
                    name, "has a file that cannot be called so here: '" + PlainText.excerpt(e.getInput()) + "'");
        }
        Files.createDirectories(place.getParent());
        try (OutputStream file = Files.newOutputStream(place, StandardOpenOption.CREATE_NEW)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = read(tar, buffer, name); read >= 0; read = read(tar, buffer, name)) {
                file.write(buffer, 0, read);
            }
        }
        return parts.size() == 3 ? Optional.of(parts.getFirst()) : Optional.empty();
    }

    /** What goes wrong here is wrong with the archive, unlike what goes wrong where it is written. */
    private static int read(TarArchiveInputStream tar, byte[] buffer, String name) {
        try {
            return tar.read(buffer);
        } catch (IOException e) {
            throw damaged(name, e);
        }
    }

    private static InputStream bounded(InputStream unpacked, String name) throws IOException {
        return BoundedInputStream.builder()
                .setInputStream(unpacked)
                .setMaxCount(MOST_UNPACKED_BYTES)
                .setOnMaxCount((most, count) -> {
                    throw SourceFile.unreadable(name, "unpacks to more than " + most + " bytes");
                })
                .get();
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
