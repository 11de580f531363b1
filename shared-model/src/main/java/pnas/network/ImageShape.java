package pnas.network;

/**
 * The shape of one image or feature map, without the batch.
 *
 * @param height in pixels
 * @param width in pixels
 * @param channels number of channels
 */
public record ImageShape(int height, int width, int channels) {
    public ImageShape {
        if (height < 1 || width < 1 || channels < 1) {
            throw new IllegalArgumentException(
                    "height, width and channels must be positive, got " + height + "x" + width + "x" + channels);
        }
    }

    /**
     * The shape of a text like {@code 32x32x3}.
     *
     * @throws IllegalArgumentException for any other
     */
    public static ImageShape parse(String text) {
        if (!text.matches("\\d{1,5}x\\d{1,5}x\\d{1,5}")) {
            throw new IllegalArgumentException("must be height x width x channels like 32x32x3, got " + text);
        }
        String[] sides = text.split("x");
        return new ImageShape(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]), Integer.parseInt(sides[2]));
    }

    /** Number of pixels of one channel. */
    public long area() {
        return (long) height * width;
    }

    /** For instance {@code 32x32x3}. */
    @Override
    public String toString() {
        return height + "x" + width + "x" + channels;
    }
}
