package pnas.cli.platform;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import pnas.access.ApiKey;
import pnas.access.LocalAccounts;

/**
 * The key that a platform of this machine keeps in its home, for accounts that may read it there. It is shown to nobody but a server of the account that the file
 * belongs to, or of root: while the platform is down, another account may listen in its place.
 *
 * @param home of the platform
 * @param url where the platform is to answer
 */
public record HomeKey(Path home, URI url, LocalAccounts accounts) {
    private static final long ROOT = 0;

    /** The key, if there is one that can be read, and the url is of this machine. Fails where another account's server would get it. */
    public Optional<ApiKey> find() {
        Path file = home.resolve("secrets").resolve("admin.key");
        if (!Orchestrator.isHere(url) || !Files.isReadable(file)) {
            return Optional.empty();
        }
        try {
            String text = Files.readString(file).strip();
            long owner = ((Number) Files.getAttribute(file, "unix:uid")).longValue();
            long server = listener();
            if (server != owner && server != ROOT) {
                throw CommandFailedException.failed(String.format(
                        Locale.ROOT,
                        "a program of another account (its number is %d) listens at %s, so the key of %s is not shown to it: end it, or say with --home which platform is meant",
                        server,
                        url,
                        home));
            }
            return ApiKey.isValid(text) ? Optional.of(new ApiKey(text)) : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** The one account whose programs listen there. Fails where it cannot be told or there are several: one may listen at 127.0.0.1 and another at ::1. */
    private long listener() {
        int port = url.getPort() == -1 ? 80 : url.getPort();
        Set<Long> listeners = accounts.listeners(port);
        if (listeners.size() != 1) {
            throw CommandFailedException.failed("%s, so nothing secret is sent to %s: name a key with --key-file"
                    .formatted(
                            listeners.isEmpty()
                                    ? "it cannot be told whose program listens at port " + port
                                    : "programs of several accounts listen at port " + port,
                            url));
        }
        return listeners.iterator().next();
    }
}
