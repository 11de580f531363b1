package pnas.trainer.engine.vector;

/**
 * The blocks that cover rows of numbers of a group of images, sorted by the place of the period at which they begin: those of one place share their
 * weights. Within a place they go by image, so that a group that is not full takes the first ones.
 */
final class Blocks {
    private static final int AT_ONCE = 1 << 12;

    /** Places of the period, {@link Lanes#BLOCK} apart. */
    final int places;

    /**
     * So many rows are gone over at once, place by place: they and those that their taps reach stay in the fastest cache. It decides where sums are
     * split, so it never changes.
     */
    final int rowsAtOnce;

    private final int rows;
    private final int[][] from;
    private final int[][] to;
    private final int[] ofRow;

    /**
     * The blocks of rows.
     *
     * @param rows of an image
     * @param rowLength numbers of a row
     * @param read where the rows are that are read
     * @param written where the rows are that are written, or that are read with them
     */
    Blocks(int images, int rows, int rowLength, int period, Rows read, Rows written) {
        int inRow = Lanes.padded(rowLength) / Lanes.BLOCK;
        this.places = Math.min(period / Lanes.BLOCK, inRow);
        this.from = new int[places][];
        this.to = new int[places][];
        this.ofRow = new int[places];
        this.rows = rows;
        this.rowsAtOnce = Math.max(1, AT_ONCE / Math.max(1, inRow * Lanes.BLOCK));
        for (int place = 0; place < places; place++) {
            int blocks = (inRow - place + places - 1) / places;
            ofRow[place] = blocks;
            from[place] = new int[images * rows * blocks];
            to[place] = new int[images * rows * blocks];
            int i = 0;
            for (int image = 0; image < images; image++) {
                for (int row = 0; row < rows; row++) {
                    for (int block = 0; block < blocks; block++) {
                        int distance = (place + block * places) * Lanes.BLOCK;
                        from[place][i] = read.of(image, row) + distance;
                        to[place][i] = written.of(image, row) + distance;
                        i++;
                    }
                }
            }
        }
    }

    /** Those of what a window reads of its plane and writes as its output. */
    static Blocks forward(Window window, int images, int channels, int period) {
        int rowLength = window.outputWidth * channels;
        int rowPitch = Lanes.padded(rowLength);
        return new Blocks(
                images,
                window.outputHeight,
                rowLength,
                period,
                plane(window),
                new Rows(0, window.outputHeight * rowPitch, rowPitch));
    }

    /** Those of what a window reads of its plane along with the gradients of its output. */
    static Blocks along(Window window, Window.GradientPlane gradients, int images, int channels, int period) {
        return new Blocks(
                images,
                window.outputHeight,
                window.outputWidth * channels,
                period,
                plane(window),
                new Rows(gradients.origin(), gradients.size(), gradients.pitch()));
    }

    private static Rows plane(Window window) {
        return new Rows(0, window.planeSize, window.outputRowPitch);
    }

    /**
     * Where rows begin.
     *
     * @param base of the first one
     */
    record Rows(int base, int imagePitch, int rowPitch) {
        int of(int image, int row) {
            return base + image * imagePitch + row * rowPitch;
        }
    }

    int[] from(int place) {
        return from[place];
    }

    int[] to(int place) {
        return to[place];
    }

    /** Rows of so many images. */
    int rows(int images) {
        return rows * images;
    }

    /** The first block of a row. */
    int first(int place, int row) {
        return ofRow[place] * row;
    }

    /** Blocks of a row. */
    int ofRow(int place) {
        return ofRow[place];
    }

    /** Whether a row has four times the blocks of this place and the two behind it. */
    boolean hasFourOfThree(int place) {
        return place + 3 <= places && ofRow[place + 2] >= 4;
    }

    int count(int place, int images) {
        return first(place, rows(images));
    }
}
