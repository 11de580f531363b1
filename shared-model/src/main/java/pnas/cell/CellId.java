package pnas.cell;

import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import pnas.failure.PlainText;

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
                    "a cell id must be " + DIGITS + " lower-case hex digits, got '" + PlainText.excerpt(hex) + "'");
        }
    }

    static CellId ofCanonicalText(String text) {
        return new CellId(DigestUtils.sha256Hex(text).substring(0, DIGITS));
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
