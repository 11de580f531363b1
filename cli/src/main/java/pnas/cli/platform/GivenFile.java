package pnas.cli.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import pnas.failure.ErrorCode;
import pnas.failure.FailureKind;
import pnas.failure.PnasException;
import pnas.input.InputFile;

/**
 * A file that an option names.
 *
 * @param option for instance {@code --key-file}
 */
public record GivenFile(String option, Path path) {
    /**
     * Its text.
     *
     * @param most the bytes that it may have
     * @throws CommandFailedException where it is no such file
     */
    public String text(int most) {
        try {
            return new InputFile(path, option + " " + path, ErrorCode.INVALID_INPUT).text(most);
        } catch (PnasException e) {
            String why = String.valueOf(e.getMessage());
            throw e.code().kind() == FailureKind.USER_ERROR
                    ? CommandFailedException.usage(why)
                    : CommandFailedException.failed(why);
        }
    }

    /** Refuses what cannot be written, before anything is fetched for it. */
    public void requireWritable() {
        if (Files.isDirectory(path)) {
            throw refused("is a folder: name a file in it");
        }
        if (!Files.isDirectory(folder())) {
            throw refused("cannot be written, there is no folder " + folder());
        }
        if (!Files.isWritable(Files.exists(path) ? path : folder())) {
            throw refused("cannot be written: permission denied");
        }
    }

    /**
     * Writes it, whole or not at all: a file that was there stays until then. A pipe or a device, for instance {@code /dev/stdout}, is written to and not
     * replaced.
     */
    public void write(InputStream content) throws IOException {
        boolean replaceable = !Files.exists(path) || Files.isRegularFile(path);
        if (!replaceable || !Files.isWritable(folder())) {
            try (OutputStream file = Files.newOutputStream(path)) {
                content.transferTo(file);
            }
            return;
        }
        Path part = path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.copy(content, part);
            Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Path folder() {
        Path folder = path.toAbsolutePath().getParent();
        return folder == null ? path.toAbsolutePath() : folder;
    }

    private CommandFailedException refused(String what) {
        return CommandFailedException.usage(option + " " + path + ": " + what);
    }
}
