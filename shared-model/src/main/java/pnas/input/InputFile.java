package pnas.input;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.apache.commons.io.ByteOrderMark;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.input.BOMInputStream;
import org.apache.commons.io.input.BoundedInputStream;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;

/**
 * A file that somebody gave. What is missing, a folder, empty, forbidden, a pipe, a device or too large is refused under the code of the reader, and
 * only what may pass at another attempt is a {@link ErrorCode#STORAGE_FAILURE}.
 *
 * @param path where it is; a pipe only where the program was handed it open, as {@code <(…)} of a shell does
 * @param name what failures call it, for instance {@code pets/cats/7.png}
 * @param code of a refusal
 */
public record InputFile(Path path, String name, ErrorCode code) {
    private static final Path STANDARD_INPUT = Path.of("/dev/stdin");
    private static final Path OPEN_FILES = Path.of("/dev/fd");
    private static final int BUFFER = 1 << 16;

    /**
     * Opens it.
     *
     * @param most the bytes that may be read from it; the stream refuses more
     */
    public InputStream open(long most) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw refused("is a folder, expected a file");
            }
            if (attributes.isOther() && !isHandedOver()) {
                throw refused("is a pipe or a device, expected a file");
            }
            if (attributes.isRegularFile() && attributes.size() == 0) {
                throw empty();
            }
            return BoundedInputStream.builder()
                    .setInputStream(Files.newInputStream(path))
                    // That many are given; whether there is one more shows when somebody asks for it.
                    .setMaxCount(most + 1)
                    .setOnMaxCount((bound, count) -> {
                        throw refused("has more than " + most + " bytes");
                    })
                    .get();
        } catch (IOException e) {
            throw failure(code, name, e);
        }
    }

    /** All of its bytes, at most that many. */
    public byte[] bytes(int most) {
        try (InputStream stream = open(most)) {
            byte[] bytes = stream.readNBytes(most + 1);
            if (bytes.length > most) {
                throw refused("has more than " + most + " bytes");
            }
            if (bytes.length == 0) {
                throw empty();
            }
            return bytes;
        } catch (IOException e) {
            throw failure(code, name, e);
        }
    }

    /**
     * Its text, without the mark at its beginning that some programs write: UTF-8, or UTF-16 where such a mark says so. The reader throws a
     * {@link CharacterCodingException} where it is something else, for {@link #failure(IOException)}.
     */
    public BufferedReader reader(long most) {
        try {
            BOMInputStream bytes = BOMInputStream.builder()
                    .setInputStream(open(most))
                    .setByteOrderMarks(ByteOrderMark.UTF_8, ByteOrderMark.UTF_16LE, ByteOrderMark.UTF_16BE)
                    .get();
            Charset charset = bytes.hasBOM() ? Charset.forName(bytes.getBOMCharsetName()) : UTF_8;
            return new BufferedReader(new InputStreamReader(bytes, charset.newDecoder()), BUFFER);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** All of its text, as {@link #reader} gives it. */
    public String text(int most) {
        try (Reader reader = reader(most)) {
            String text = IOUtils.toString(reader);
            if (text.isEmpty()) {
                throw empty();
            }
            return text;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** The failure of this file by what its reader threw. */
    public PnasException failure(IOException e) {
        return failure(code, name, e);
    }

    /** The refusal of this file. */
    public PnasException refused(String what) {
        return new PnasException(code, name + ": " + what);
    }

    private PnasException empty() {
        return refused("is empty");
    }

    private boolean isHandedOver() {
        return path.startsWith(OPEN_FILES) || path.equals(STANDARD_INPUT);
    }

    /**
     * The failure of a file or folder that could not be read: a refusal where it will fail again, {@link ErrorCode#STORAGE_FAILURE} otherwise.
     *
     * @param code of a refusal
     * @param name what the message calls it
     */
    public static PnasException failure(ErrorCode code, String name, IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> new PnasException(code, name + ": there is no such file", e);
            case AccessDeniedException _ -> new PnasException(code, name + ": permission denied", e);
            case NotDirectoryException _ -> new PnasException(code, name + ": is a file, expected a folder", e);
            case FileSystemLoopException _ -> new PnasException(code, name + ": is a link to itself", e);
            case CharacterCodingException _ -> new PnasException(code, name + ": is not UTF-8 text", e);
            default -> new PnasException(ErrorCode.STORAGE_FAILURE, "cannot read " + name + ": " + e, e);
        };
    }
}
