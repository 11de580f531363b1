package pnas.cell;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The short name of a cell whatever the order in which its blocks and branches are written.
 *
 * @param hex the first 16 hex digits, in lower case, of the SHA-256 of the canonical text in UTF-8
 */
public record CellId(String hex) implements Comparable<CellId> {
    private static final int DIGITS = 16;
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{" + DIGITS + "}");

    public CellId {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException(
                    "a cell id must be " + DIGITS + " lower-case hex digits, got '" + CellParser.excerpt(hex) + "'");
        }
    }

    static CellId ofCanonicalText(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return new CellId(HexFormat.of().formatHex(hash, 0, DIGITS / 2));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public int compareTo(CellId other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
