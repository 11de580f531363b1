package pnas.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;

/** What the sources have in common: files read to a bound, and the failures that name them. */
final class SourceFile {
    private SourceFile() {}

    /** The failure of a source that is not what its format asks for. */
    static PnasException unreadable(String where, String what) {
        return new PnasException(ErrorCode.DATA_SET_UNREADABLE, where + ": " + what);
    }

    /**
     * The bytes of a file.
     *
     * @throws PnasException where it has more than {@code most}
     */
    static byte[] read(Path file, String name, int most) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(most);
            if (stream.read() >= 0) {
                throw unreadable(name, "has more than " + most + " bytes");
            }
            return bytes;
        }
    }

    /**
     * What lies in a folder of a data set, by its name.
     *
     * @param dataSet the folder of the whole data set
     * @throws PnasException where it is a link that leads out of the data set: whoever may add files to one must not have others read
     */
    static Path inside(Path dataSet, Path entry) {
        try {
            if (!Files.isSymbolicLink(entry) || entry.toRealPath().startsWith(dataSet.toRealPath())) {
                return entry;
            }
        } catch (IOException e) {
            throw unreadable(dataSet.relativize(entry).toString(), "is a link that leads nowhere");
        }
        throw unreadable(dataSet.relativize(entry).toString(), "is a link that leads out of the data set");
    }

    /** Path, size and time of the last change. */
    static String fingerprint(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return file.toRealPath() + " " + attributes.size() + " " + attributes.lastModifiedTime();
    }
}
