package pnas.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.input.InputFile;

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
     * @throws PnasException where it has more than {@code most}, or is no file with anything in it that may be read
     */
    static byte[] read(Path file, String name, int most) {
        return given(file, name).bytes(most);
    }

    /** A file of a data set; refusals are {@code DATA_SET_UNREADABLE}. */
    static InputFile given(Path file, String name) {
        return new InputFile(file, name, ErrorCode.DATA_SET_UNREADABLE);
    }

    /**
     * What lies in a folder of a data set, by its name.
     *
     * @param dataSet the folder of the whole data set
     * @throws PnasException where it is a link that leads out of the data set: an account that may add files to one must not have others read
     */
    static Path inside(Path dataSet, Path entry) {
        String name = dataSet.getFileName() + "/" + dataSet.relativize(entry);
        try {
            if (!Files.isSymbolicLink(entry) || entry.toRealPath().startsWith(dataSet.toRealPath())) {
                return entry;
            }
        } catch (IOException e) {
            throw unreadable(name, "is a link that leads nowhere");
        }
        throw unreadable(name, "is a link that leads out of the data set");
    }

    /** Path, size and time of the last change. */
    static String fingerprint(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return file.toRealPath() + " " + attributes.size() + " " + attributes.lastModifiedTime();
    }
}
