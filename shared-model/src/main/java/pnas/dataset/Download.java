package pnas.dataset;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.commons.codec.digest.DigestUtils;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;

/**
 * Fetches a file over HTTP and checks it. What has come already lies in a file beside the target, with {@code .part} at the end of its name: a
 * connection that breaks, and a later run, go on from there. The target appears when it is whole and right. One of a target at a time.
 *
 * @param from where the file is; its query and fragment, which may hold secrets, stand in no message
 * @param sha256 the checksum that it must have, in lower-case hex
 * @param mostBytes what the file may have at most
 * @param to the target, whose folder must exist
 * @param pause how long to wait after a failure before the next attempt
 */
public record Download(URI from, String sha256, long mostBytes, Path to, Duration pause) {
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
     * @param narration hears how far it is, in lines
     * @param unwanted asked again and again whether to stop
     * @throws PnasException {@code STORAGE_FAILURE} where it does not come or cannot be written, {@code DATA_SET_MISMATCH} where it is another
     *     file than expected
     * @throws CancellationException where it was unwanted
     */
    public void run(Consumer<String> narration, BooleanSupplier unwanted) {
        run(narration, unwanted, Proxies.ofEnvironment());
    }

    void run(Consumer<String> narration, BooleanSupplier unwanted, Proxies proxies) {
        Optional<Proxies.Named> proxy = proxies.of(from);
        try {
            int failures = 0;
            boolean whole = false;
            while (!whole) {
                long before = size();
                try {
                    fetch(narration, unwanted, proxy);
                    whole = true;
                } catch (IOException e) {
                    failures = size() > before ? 1 : failures + 1;
                    if (failures == MOST_FAILURES) {
                        throw failed(String.format(
                                Locale.ROOT,
                                "cannot download %s%s (%s). %.1f MiB of it are in %s: another try goes on from there",
                                address(),
                                by(proxy),
                                reason(e),
                                size() / MEBIBYTE,
                                part()));
                    }
                    narration.accept("The connection broke (%s), trying again".formatted(reason(e)));
                    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
                }
            }
            requireChecksum();
            Files.move(part(), to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed("cannot write %s: %s".formatted(to, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("the download of %s was interrupted".formatted(address()));
        }
    }

    private Path part() {
        return to.resolveSibling(to.getFileName() + ".part");
    }

    private long size() throws IOException {
        return Files.exists(part()) ? Files.size(part()) : 0;
    }

    private void fetch(Consumer<String> narration, BooleanSupplier unwanted, Optional<Proxies.Named> proxy)
            throws IOException {
        long have = size();
        URL url = from.toURL();
        HttpURLConnection connection = (HttpURLConnection)
                (proxy.isPresent() ? url.openConnection(proxy.get().proxy()) : url.openConnection());
        proxy.ifPresent(named -> connection.setAuthenticator(named.authenticator()));
        connection.setConnectTimeout((int) CONNECT_LIMIT.toMillis());
        connection.setReadTimeout((int) SILENCE_LIMIT.toMillis());
        if (have > 0) {
            connection.setRequestProperty("Range", "bytes=" + have + "-");
        }
        try {
            int status = connection.getResponseCode();
            if (status == HttpURLConnection.HTTP_PARTIAL) {
                receive(connection, have, narration, unwanted);
            } else if (status == HttpURLConnection.HTTP_OK) {
                receive(connection, 0, narration, unwanted);
            } else if (status >= HttpURLConnection.HTTP_INTERNAL_ERROR) {
                throw new IOException("status " + status);
            } else if (status != RANGE_NOT_SATISFIABLE) {
                throw failed(String.format(
                        Locale.ROOT, "cannot download %s%s: it answers with status %d", address(), by(proxy), status));
            }
        } finally {
            connection.disconnect();
        }
    }

    /** Writes what comes behind the first bytes that are there, and those that are there to stay. */
    private void receive(HttpURLConnection connection, long have, Consumer<String> narration, BooleanSupplier unwanted)
            throws IOException {
        long length = connection.getContentLengthLong();
        long total = have + length;
        long size = have;
        requireAtMost(length > 0 ? total : have);
        try (InputStream stream = connection.getInputStream();
                OutputStream file = Files.newOutputStream(
                        part(),
                        StandardOpenOption.CREATE,
                        have == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND)) {
            narration.accept("Downloading %s%s"
                    .formatted(
                            address(),
                            have == 0 ? "" : String.format(Locale.ROOT, " from %.1f MiB on", have / MEBIBYTE)));
            byte[] buffer = new byte[BUFFER];
            for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                if (unwanted.getAsBoolean()) {
                    throw new CancellationException("nobody wants %s any more".formatted(address()));
                }
                file.write(buffer, 0, read);
                long told = percent(size, total) / TELL_EVERY_PERCENT;
                size += read;
                requireAtMost(size);
                if (length > 0 && percent(size, total) / TELL_EVERY_PERCENT > told) {
                    narration.accept(
                            String.format(Locale.ROOT, "%3d %% of %.1f MiB", percent(size, total), total / MEBIBYTE));
                }
            }
        }
        if (length >= 0 && size < total) {
            throw new EOFException(String.format(Locale.ROOT, "it ended after %d of %d bytes", size, total));
        }
    }

    private void requireAtMost(long size) throws IOException {
        if (size > mostBytes) {
            Files.deleteIfExists(part());
            throw failed(String.format(Locale.ROOT, "what comes from %s has more than %d bytes", address(), mostBytes));
        }
    }

    private static long percent(long size, long total) {
        return total > 0 ? 100 * size / total : 0;
    }

    private void requireChecksum() throws IOException {
        String found;
        try (InputStream file = new BufferedInputStream(Files.newInputStream(part()), BUFFER)) {
            found = DigestUtils.sha256Hex(file);
        }
        if (!found.equals(sha256)) {
            Files.delete(part());
            throw new PnasException(
                    ErrorCode.DATA_SET_MISMATCH,
                    "what came from %s is another file than expected and was deleted: its SHA-256 is %s, not %s"
                            .formatted(address(), found, sha256));
        }
    }

    private static String by(Optional<Proxies.Named> proxy) {
        return proxy.map(named -> " through the proxy " + named).orElse("");
    }

    private String address() {
        return address(from);
    }

    /** An address without its user, query and fragment. */
    static String address(URI uri) {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + uri.getPath();
    }

    private static String reason(IOException failure) {
        return switch (failure) {
            case ConnectException _ -> "nothing listens there";
            default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        };
    }

    private static PnasException failed(String message) {
        return new PnasException(ErrorCode.STORAGE_FAILURE, message);
    }
}
