package pnas.dataset;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A data set that lies elsewhere, as a file {@code NAME.source} in the folder of the data sets says: where its archive is, and the checksum of that.
 *
 * @param name of the data set
 * @param url {@code https}, or {@code http} on this machine
 * @param sha256 of the archive, in lower-case hex
 */
record DataSource(String name, URI url, String sha256) {
    /** What the file of a source has behind the name of its data set. */
    static final String SUFFIX = ".source";

    private static final int MOST_BYTES = 1 << 14;
    private static final Set<String> KEYS = Set.of("url", "sha256");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    /**
     * Reads the file of a source: lines {@code url=…} and {@code sha256=…}.
     *
     * @throws pnas.failure.PnasException {@code DATA_SET_UNREADABLE}, naming file and line
     */
    static DataSource read(String name, Path file) {
        String where = name + SUFFIX;
        Properties lines = new Properties();
        try {
            lines.load(new StringReader(SourceFile.given(file, where).text(MOST_BYTES)));
        } catch (IOException | IllegalArgumentException e) {
            throw SourceFile.unreadable(where, "is no list of lines url=… and sha256=… (" + e.getMessage() + ")");
        }
        Set<String> keys = new TreeSet<>(lines.stringPropertyNames());
        if (!keys.equals(KEYS)) {
            throw SourceFile.unreadable(where, "expected the lines url=… and sha256=…, got those of " + keys);
        }
        String sha256 = lines.getProperty("sha256").strip();
        if (!SHA256.matcher(sha256).matches()) {
            throw SourceFile.unreadable(where, "sha256 must be 64 lower-case hex digits, got '" + sha256 + "'");
        }
        return new DataSource(name, url(where, lines.getProperty("url").strip()), sha256);
    }

    /** No refusal quotes the address: it may hold a signature. */
    private static URI url(String where, String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw SourceFile.unreadable(where, "url is no address (at character " + e.getIndex() + ")");
        }
        if (url.getHost() == null || url.getUserInfo() != null) {
            throw SourceFile.unreadable(where, "url must be https://HOST/… without a user, as a signed address is");
        }
        if (!"https".equals(url.getScheme())
                && !("http".equals(url.getScheme())
                        && LOOPBACK.matcher(url.getHost()).matches())) {
            throw SourceFile.unreadable(
                    where,
                    "url must be https, or http on this machine, got " + url.getScheme() + "://" + url.getHost());
        }
        return url;
    }
}
