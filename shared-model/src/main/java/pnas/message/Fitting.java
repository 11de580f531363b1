package pnas.message;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How a predictor learns once there are cells of more than one stage. */
public enum Fitting {
    /** From nothing, on all cells at once. */
    REFIT,
    /**
     * Stage by stage: on the cells of the first stage, then from those weights on the cells of the first two, and so on. The fits of the stages
     * before are done again each time, so that nothing need be kept between two requests.
     */
    FINE_TUNE;

    /** The name as experiments and messages write it, for instance {@code fine-tune}. */
    public String text() {
        return Messages.text(this);
    }

    /**
     * The way of a name.
     *
     * @throws IllegalArgumentException where there is none; the text lists those that there are
     */
    public static Fitting parse(String text) {
        return Messages.find(Fitting.class, text)
                .orElseThrow(() -> new IllegalArgumentException("must be one of "
                        + Arrays.stream(values()).map(Fitting::text).collect(Collectors.joining(", ")) + ", got '"
                        + text + "'"));
    }
}
