package pnas.orchestrator.live;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.failure.Problem;

/** Opaque tokens that ask for the next page of a list. */
public final class PageToken {
    private PageToken() {}

    /** The token of a text that says where the next page begins. */
    public static String of(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The text in a token.
     *
     * @throws PnasException with {@link ErrorCode#INVALID_INPUT} where it is none
     */
    public static String text(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
    }

    /** The token of the page that begins after so many entries. */
    public static String ofOffset(int offset) {
        return of(Integer.toString(offset));
    }

    /**
     * How many entries come before the page.
     *
     * @throws PnasException with {@link ErrorCode#INVALID_INPUT} where it is no such token
     */
    public static int offset(String token) {
        try {
            int offset = Integer.parseInt(text(token));
            if (offset < 0) {
                throw invalid();
            }
            return offset;
        } catch (NumberFormatException e) {
            throw invalid();
        }
    }

    /** The failure of a token that was not given out here. */
    public static PnasException invalid() {
        return PnasException.invalidInput(
                List.of(new Problem("pageToken", "must be a nextPageToken of the same list")));
    }
}
