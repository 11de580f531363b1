package pnas.orchestrator.live;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.failure.Problem;

/**
 * Opaque tokens that ask for the next page of a list. Each belongs to its list, with the conditions and the order that were asked for: elsewhere its place
 * would mean something else.
 */
public final class PageToken {
    private static final int LONGEST = 200;
    private static final int MARK = 8;

    private PageToken() {}

    /**
     * The token of a place.
     *
     * @param list names the list, its conditions and its order
     * @param place says where the next page begins
     */
    public static String of(String list, String place) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((mark(list) + place).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The place in a token.
     *
     * @throws PnasException with {@link ErrorCode#INVALID_INPUT} where it is no token of this list
     */
    public static String place(String list, String token) {
        if (token.length() > LONGEST) {
            throw invalid();
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith(mark(list))) {
                return text.substring(MARK);
            }
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
        throw invalid();
    }

    private static String mark(String list) {
        CRC32 sum = new CRC32();
        sum.update(list.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", sum.getValue());
    }

    /** The token of the page that begins after so many entries. */
    public static String ofOffset(String list, int offset) {
        return of(list, Integer.toString(offset));
    }

    /**
     * How many entries come before the page.
     *
     * @throws PnasException with {@link ErrorCode#INVALID_INPUT} where it is no such token
     */
    public static int offset(String list, String token) {
        try {
            int offset = Integer.parseInt(place(list, token));
            if (offset >= 0) {
                return offset;
            }
        } catch (NumberFormatException e) {
            throw invalid();
        }
        throw invalid();
    }

    /** The failure of a token that was not given out here. */
    public static PnasException invalid() {
        return PnasException.invalidInput(
                List.of(new Problem("pageToken", "must be a nextPageToken of the same list")));
    }
}
