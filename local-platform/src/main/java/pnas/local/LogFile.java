package pnas.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * What one process printed: a file that begins anew with each start and at {@value #LIMIT} bytes. The file before it is kept as
 * {@code NAME.log.1}.
 */
record LogFile(Path path) {
    private static final long LIMIT = 10_000_000;
    private static final int TAIL_BYTES = 4_000;

    /** Puts the file of an earlier start aside. */
    void rotate() throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        if (Files.exists(path)) {
            Files.move(path, path.resolveSibling(path.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Copies everything that the process prints until it ends. Returns at once; the copying thread also keeps the process reachable. */
    void follow(Process process) {
        Thread.ofPlatform().daemon().name("log " + path.getFileName()).start(() -> copy(process));
    }

    private void copy(Process process) {
        byte[] buffer = new byte[8192];
        try (InputStream printed = process.getInputStream()) {
            while (copyOneFile(printed, buffer)) {
                rotate();
            }
        } catch (IOException e) {
            // A full disk must not block the process on its own output, so what it prints is read on and lost.
            drain(process);
        }
    }

    /** Fills one file. Returns whether the process may print more. */
    private boolean copyOneFile(InputStream printed, byte[] buffer) throws IOException {
        try (OutputStream file = Files.newOutputStream(path)) {
            for (long written = 0; written < LIMIT; ) {
                int count = printed.read(buffer);
                if (count < 0) {
                    return false;
                }
                file.write(buffer, 0, count);
                written += count;
            }
        }
        return true;
    }

    private static void drain(Process process) {
        try (InputStream printed = process.getInputStream()) {
            printed.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The process is gone, and nothing is left to read.
        }
    }

    /** The last lines, for a message about a process that ended too early; empty when there are none. */
    List<String> tail(int lines) {
        try {
            byte[] all = Files.readAllBytes(path);
            int from = Math.max(0, all.length - TAIL_BYTES);
            List<String> read = new String(all, from, all.length - from, StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return read.subList(Math.max(0, read.size() - lines), read.size());
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }
}
