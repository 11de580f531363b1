package pnas.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * Fetches a file over HTTP and checks it. What has come already lies in a file beside the target, with {@code .part} at the end of its name: a
 * connection that breaks, and a later run of the command, go on from there. The target appears when it is whole and right.
 *
 * @param from where the file is
 * @param sha256 the checksum that it must have, in lower-case hex
 * @param to the target
 * @param pause how long to wait after a failure before the next attempt
 */
record Download(URI from, String sha256, Path to, Duration pause) {
    /** Attempts in a row that bring nothing. One that brings something is no failure. */
    private static final int MOST_FAILURES = 5;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(30);
    /** Nothing lies behind what is here already; the checksum tells whether that is the file. */
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private static final int BUFFER = 1 << 16;
    private static final int TELL_EVERY_PERCENT = 10;
    private static final double MEBIBYTE = 1 << 20;

    /**
     * Fetches what is missing.
     *
     * @param narration where the progress is told
     * @throws CommandFailedException where it does not come, or is another file
     */
    void run(PrintWriter narration) {
        try {
            Files.createDirectories(to.toAbsolutePath().getParent());
            int failures = 0;
            boolean whole = false;
            while (!whole) {
                long before = size();
                try {
                    fetch(narration);
                    whole = true;
                } catch (IOException e) {
                    failures = size() > before ? 1 : failures + 1;
                    if (failures == MOST_FAILURES) {
                        throw CommandFailedException.failed(
                                "cannot download %s (%s). %.1f MiB of it are in %s: the same command goes on from there. Or fetch it in another way and name the file with --data"
                                        .formatted(from, Failures.reason(e), size() / MEBIBYTE, part()));
                    }
                    tell(narration, "The connection broke (%s), trying again".formatted(Failures.reason(e)));
                    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
                }
            }
            requireChecksum();
            Files.move(part(), to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw CommandFailedException.failed("cannot write %s: %s".formatted(to, Failures.reason(e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailedException.failed("interrupted");
        }
    }

    private Path part() {
        return to.resolveSibling(to.getFileName() + ".part");
    }

    private long size() throws IOException {
        return Files.exists(part()) ? Files.size(part()) : 0;
    }

    private void fetch(PrintWriter narration) throws IOException {
        long have = size();
        HttpURLConnection connection = (HttpURLConnection) from.toURL().openConnection();
        connection.setConnectTimeout((int) CONNECT_LIMIT.toMillis());
        connection.setReadTimeout((int) SILENCE_LIMIT.toMillis());
        if (have > 0) {
            connection.setRequestProperty("Range", "bytes=" + have + "-");
        }
        try {
            int status = connection.getResponseCode();
            if (status == HttpURLConnection.HTTP_PARTIAL) {
                receive(connection, have, narration);
            } else if (status == HttpURLConnection.HTTP_OK) {
                receive(connection, 0, narration);
            } else if (status >= HttpURLConnection.HTTP_INTERNAL_ERROR) {
                throw new IOException("status " + status);
            } else if (status != RANGE_NOT_SATISFIABLE) {
                throw CommandFailedException.failed(
                        "cannot download %s: it answers with status %d. Fetch it in another way and name the file with --data"
                                .formatted(from, status));
            }
        } finally {
            connection.disconnect();
        }
    }

    /** Writes what comes behind the first bytes that are there, and those that are there to stay. */
    private void receive(HttpURLConnection connection, long have, PrintWriter narration) throws IOException {
        long length = connection.getContentLengthLong();
        long total = have + length;
        long size = have;
        try (InputStream stream = connection.getInputStream();
                OutputStream file = Files.newOutputStream(
                        part(),
                        StandardOpenOption.CREATE,
                        have == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND)) {
            tell(
                    narration,
                    "Downloading %s%s"
                            .formatted(from, have == 0 ? "" : " from %.1f MiB on".formatted(have / MEBIBYTE)));
            byte[] buffer = new byte[BUFFER];
            for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                file.write(buffer, 0, read);
                long told = percent(size, total) / TELL_EVERY_PERCENT;
                size += read;
                if (length > 0 && percent(size, total) / TELL_EVERY_PERCENT > told) {
                    tell(narration, "%3d %% of %.1f MiB".formatted(percent(size, total), total / MEBIBYTE));
                }
            }
        }
        if (length >= 0 && size < total) {
            throw new EOFException("it ended after %d of %d bytes".formatted(size, total));
        }
    }

    private static long percent(long size, long total) {
        return total > 0 ? 100 * size / total : 0;
    }

    private void requireChecksum() throws IOException {
        MessageDigest digest = sha256Digest();
        try (InputStream file = Files.newInputStream(part())) {
            byte[] buffer = new byte[BUFFER];
            for (int read = file.read(buffer); read >= 0; read = file.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(sha256)) {
            Files.delete(part());
            throw CommandFailedException.failed(
                    "what came from %s is another file than expected and was deleted: its SHA-256 is %s, not %s"
                            .formatted(from, found, sha256));
        }
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private static void tell(PrintWriter narration, String line) {
        narration.println(line);
        narration.flush();
    }
}
