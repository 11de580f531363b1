package pnas.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** Files and folders that no account but their owner's can read, whatever the umask. */
final class OwnerOnly {
    private static final int MASK = 0077;
    private static final int SECRET_BYTES = 32;
    private static final FileAttribute<?> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> FOLDER_OR_PROGRAM =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private OwnerOnly() {}

    /** Sets the umask of this process, which those that it starts inherit: whatever they create from now on is for their account alone. */
    @SuppressWarnings("restricted") // Java has no other way to set it.
    static void limitThisProcess() {
        try {
            Linker system = Linker.nativeLinker();
            int _ = (int) system.downcallHandle(
                            system.defaultLookup().findOrThrow("umask"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                    .invokeExact(MASK);
        } catch (Throwable e) {
            throw new IllegalStateException("the umask could not be set", e);
        }
    }

    /** Makes a folder and those above it that are missing. One that is there stays as it is. */
    static Path createFolders(Path folder) throws IOException {
        return Files.createDirectories(folder, FOLDER_OR_PROGRAM);
    }

    /** Writes a file in one step, so that nobody ever finds half of it or may read it. */
    static void write(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        Files.createFile(next, FILE);
        // Else a power cut may leave the new name with nothing in it.
        Files.writeString(next, text, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes a file from what a stream has left. */
    static void copy(InputStream content, Path file, boolean program) throws IOException {
        Files.createFile(file, program ? FOLDER_OR_PROGRAM : FILE);
        try (OutputStream made = Files.newOutputStream(file)) {
            content.transferTo(made);
        }
    }

    /** The secret that the file holds. Where there is none, a new one is written to it first. */
    static String secret(Path file) throws IOException {
        String kept = read(file);
        if (!kept.isEmpty()) {
            return kept;
        }
        String made = newSecret();
        createFolders(file.toAbsolutePath().resolveSibling(""));
        write(file, made + "\n");
        return made;
    }

    /** What a file holds, without the end of its line; nothing where there is no file. */
    static String read(Path file) throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** 256 random bits in letters, digits, {@code -} and {@code _}. */
    static String newSecret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
