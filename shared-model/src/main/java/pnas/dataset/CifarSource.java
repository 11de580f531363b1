package pnas.dataset;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.io.input.BoundedInputStream;
import org.jspecify.annotations.Nullable;
import pnas.failure.PnasException;

/**
 * CIFAR-10 in its binary layout, packed ({@code cifar-10-binary.tar.gz}) or unpacked: {@code data_batch_1.bin} to {@code data_batch_5.bin}, of
 * which some may be absent, and {@code test_batch.bin}. Source: <a href="https://www.cs.toronto.edu/~kriz/cifar.html">A. Krizhevsky, The CIFAR-10
 * dataset</a>. Nothing of an archive is written to a disk, and no name in it is used as a path.
 */
final class CifarSource implements ImageSource {
    /** A file in a folder of the archive, or beside it. */
    private static final Pattern ENTRY = Pattern.compile("(?:\\./)?(?:[^/]+/)?([^/]+)");

    private static final int GZIP_MAGIC = 0x1F8B;
    private static final int BUFFER = 1 << 16;
    private static final int MOST_ENTRIES = 64;
    /** The six batches have 184,380,000. */
    private static final long MOST_UNPACKED_BYTES = 256L << 20;

    private static final long MOST_PACKED_BYTES = 1L << 30;

    private final Path path;
    private final String name;

    /** @param path an archive or a folder */
    CifarSource(Path path) {
        this.path = path;
        this.name = path.getFileName().toString();
    }

    /** Whether CIFAR-10 may lie here, by the names in a folder or the first bytes of an archive. */
    boolean isLikely() throws IOException {
        if (Files.isDirectory(path)) {
            return !files().isEmpty();
        }
        try (InputStream file = SourceFile.given(path, name).open(MOST_PACKED_BYTES)) {
            return gzipMagic(file) == GZIP_MAGIC;
        }
    }

    @Override
    public int brightest() {
        return 255;
    }

    @Override
    public String fingerprint() throws IOException {
        if (!Files.isDirectory(path)) {
            return SourceFile.fingerprint(path);
        }
        List<String> files = new ArrayList<>();
        for (Path file : files()) {
            files.add(SourceFile.fingerprint(file));
        }
        return String.join("\n", files);
    }

    @Override
    public Contents read(ImageSink sink) throws IOException {
        CifarBatches batches = new CifarBatches(name, sink);
        if (Files.isDirectory(path)) {
            for (Path file : files()) {
                String batch = file.getFileName().toString();
                batches.add(batch, SourceFile.read(file, name + "/" + batch, CifarBatches.MOST_BYTES));
            }
        } else {
            readArchive(batches);
        }
        return batches.finish();
    }

    /** The files in the folder, or in the only folder in it, as an archive unpacks. */
    private List<Path> files() throws IOException {
        List<Path> files = files(path);
        if (!files.isEmpty()) {
            return files;
        }
        try (Stream<Path> entries = Files.list(path)) {
            List<Path> folders = entries.filter(Files::isDirectory)
                    .map(entry -> SourceFile.inside(path, entry))
                    .limit(2)
                    .toList();
            return folders.size() == 1 ? files(folders.getFirst()) : files;
        }
    }

    private List<Path> files(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(file -> CifarBatches.knows(file.getFileName().toString()))
                    .map(file -> SourceFile.inside(path, file))
                    .sorted()
                    .toList();
        }
    }

    private void readArchive(CifarBatches batches) throws IOException {
        try (InputStream file =
                new BufferedInputStream(SourceFile.given(path, name).open(MOST_PACKED_BYTES), BUFFER)) {
            requireGzip(file);
            InputStream unpacked = BoundedInputStream.builder()
                    .setInputStream(unzipped(file))
                    .setMaxCount(MOST_UNPACKED_BYTES)
                    .setOnMaxCount((most, count) -> {
                        throw SourceFile.unreadable(name, "unpacks to more than " + most + " bytes");
                    })
                    .get();
            TarArchiveInputStream archive = new TarArchiveInputStream(unpacked);
            int entries = 0;
            for (TarArchiveEntry entry = next(archive); entry != null; entry = next(archive)) {
                entries++;
                if (entries > MOST_ENTRIES) {
                    throw SourceFile.unreadable(name, "has more than " + MOST_ENTRIES + " entries");
                }
                Matcher place = ENTRY.matcher(entry.getName());
                if (entry.isFile() && place.matches() && CifarBatches.knows(place.group(1))) {
                    batches.add(place.group(1), bytes(archive, entry, place.group(1)));
                }
            }
            readToTheChecksum(unpacked);
        }
    }

    private InputStream unzipped(InputStream file) {
        try {
            return new GZIPInputStream(file, BUFFER);
        } catch (IOException e) {
            throw broken("at its beginning", e);
        }
    }

    private void requireGzip(InputStream file) throws IOException {
        file.mark(2);
        int magic = gzipMagic(file);
        file.reset();
        if (magic != GZIP_MAGIC) {
            throw SourceFile.unreadable(
                    name,
                    String.format(Locale.ROOT, "is no gzip archive: expected it to begin with 1f8b, got %04x", magic));
        }
    }

    private static int gzipMagic(InputStream file) throws IOException {
        return ((file.read() & 0xFF) << 8) | (file.read() & 0xFF);
    }

    private @Nullable TarArchiveEntry next(TarArchiveInputStream archive) {
        TarArchiveEntry entry;
        try {
            entry = archive.getNextEntry();
        } catch (IOException | IllegalArgumentException e) {
            throw broken("between two files", e);
        }
        if (entry != null && !entry.isCheckSumOK()) {
            throw SourceFile.unreadable(name, "holds no tar archive: the checksum of a header is wrong");
        }
        return entry;
    }

    private byte[] bytes(TarArchiveInputStream archive, TarArchiveEntry entry, String file) {
        if (entry.getSize() > CifarBatches.MOST_BYTES) {
            throw SourceFile.unreadable(name + "/" + file, "has more than " + CifarBatches.MOST_BYTES + " bytes");
        }
        byte[] bytes = new byte[(int) entry.getSize()];
        int size = 0;
        try {
            while (size < bytes.length) {
                int read = archive.read(bytes, size, bytes.length - size);
                if (read < 0) {
                    throw new EOFException("unexpected end");
                }
                size += read;
            }
        } catch (IOException e) {
            throw broken("in " + file + " record " + CifarBatches.recordAt(size), e);
        }
        return bytes;
    }

    private void readToTheChecksum(InputStream unpacked) {
        try {
            unpacked.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw broken("after its last file", e);
        }
    }

    private PnasException broken(String place, Exception cause) {
        String why = cause.getMessage() == null ? "it ends too early" : cause.getMessage();
        return SourceFile.unreadable(name, "is cut off or damaged " + place + " (" + why + ")");
    }
}
