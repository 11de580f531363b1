package pnas.orchestrator.experiment;

import java.util.regex.Pattern;
import pnas.failure.ErrorCode;
import pnas.failure.PlainText;
import pnas.failure.PnasException;

/**
 * What an experiment is named by, wherever somebody asks for one.
 *
 * @param text 8 lower-case letters and digits
 */
public record ExperimentId(String text) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]{8}");

    public ExperimentId {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("an experiment's id has 8 lower-case letters and digits");
        }
    }

    /**
     * The id that somebody wrote.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND} for a text that no experiment has for its id
     */
    public static ExperimentId parse(String text) {
        try {
            return new ExperimentId(text);
        } catch (IllegalArgumentException e) {
            throw new PnasException(
                    ErrorCode.NOT_FOUND,
                    "there is no experiment '" + PlainText.excerpt(text) + "': " + e.getMessage(),
                    e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
