package pnas.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
        try (InputStream printed = process.getInputStream();
                Printed file = new Printed()) {
            for (int count = printed.read(buffer); count >= 0; count = printed.read(buffer)) {
                file.add(buffer, count);
            }
        } catch (IOException e) {
            // The process is gone, and nothing is left to read.
        }
    }

    /** The file that is written. A full disk must not block the process on its own output: what it prints then is lost, and no more. */
    private final class Printed implements AutoCloseable {
        private @Nullable OutputStream file;
        private long written;
        private long lost;

        void add(byte[] buffer, int count) {
            try {
                if (file == null) {
                    file = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
                if (lost > 0) {
                    file.write(("(" + lost + " bytes could not be written here)\n").getBytes(StandardCharsets.UTF_8));
                    lost = 0;
                }
                file.write(buffer, 0, count);
                written += count;
                if (written >= LIMIT) {
                    close();
                    rotate();
                    written = 0;
                }
            } catch (IOException e) {
                lost += count;
                close();
            }
        }

        @Override
        public void close() {
            try (OutputStream _ = file) {
                file = null;
            } catch (IOException e) {
                // What it still held is lost as well.
            }
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
