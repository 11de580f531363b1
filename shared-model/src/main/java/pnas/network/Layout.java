package pnas.network;

/**
 * How cells are stacked into a network.
 *
 * @param kind the plan of stem and cells
 * @param repetitions cells in each of the three groups: the paper's N, 1 to {@value #MAX_REPETITIONS}
 * @param filters of the first group; they double at each cell of stride 2: the paper's F, 1 to {@value #MAX_FILTERS}, for {@link
 *     Kind#IMAGENET} at least 4
 */
public record Layout(Kind kind, int repetitions, int filters) {
    public static final int MAX_REPETITIONS = 64;
    public static final int MAX_FILTERS = 4096;
    /** What an experiment has that does not say. */
    public static final int DEFAULT_REPETITIONS = 1;
    /** What an experiment has that does not say. */
    public static final int DEFAULT_FILTERS = 8;

    /** The plan of stem and cells. */
    public enum Kind {
        /** A 3x3 stem and 3N cells; the first cell of the second and of the third group has stride 2. */
        CIFAR,
        /** As {@link #CIFAR}, with an extra cell of stride 2 between the groups in place of those strides: N, 1, N, 1, N. */
        SLIDES,
        /** As {@link #CIFAR} behind a stem of stride 2 and two stem cells of stride 2. */
        IMAGENET
    }

    public Layout {
        if (repetitions < 1 || repetitions > MAX_REPETITIONS) {
            throw new IllegalArgumentException("repetitions must be 1 to " + MAX_REPETITIONS + ", got " + repetitions);
        }
        // The first stem cell has a quarter of the filters.
        int least = kind == Kind.IMAGENET ? 4 : 1;
        if (filters < least || filters > MAX_FILTERS) {
            throw new IllegalArgumentException("filters must be " + least + " to " + MAX_FILTERS + ", got " + filters);
        }
    }
}
