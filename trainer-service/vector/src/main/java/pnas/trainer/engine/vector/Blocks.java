package pnas.trainer.engine.vector;

/**
 * The blocks that cover rows of numbers of a group of images, sorted by the place of the period at which they begin: those of one place share their
 * weights. Within a place they go by image, so that a group that is not full takes the first ones.
 */
final class Blocks {
    /** Places of the period, {@link Lanes#BLOCK} apart. */
    final int places;

    private final int[][] from;
    private final int[][] to;
    private final int[] ofImage;

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
        this.ofImage = new int[places];
        for (int place = 0; place < places; place++) {
            int blocks = (inRow - place + places - 1) / places;
            ofImage[place] = blocks * rows;
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

    int count(int place, int images) {
        return ofImage[place] * images;
    }
}
