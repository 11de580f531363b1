package pnas.message;

import pnas.network.ImageShape;

/**
 * The data of an experiment. Stored with the experiment and carried by each job; a trainer checks the hash against its own copy before it
 * trains.
 *
 * @param name how people call it, for instance {@code digits}; a folder of data knows it by this name
 * @param contentHash SHA-256, in lower-case hex, over all records in the order of the source: one byte of label, then the bytes of
 *     the image in the order (H, W, C)
 * @param image height, width and channels of every image
 * @param classes number of classes
 * @param training images in the training part; together with the validation part it may leave some images out
 * @param validation images in the validation part, on which a search measures
 * @param test images in the test part, which a search never sees
 * @param splitSeed seed of the split between training and validation
 */
public record DataSet(
        String name,
        String contentHash,
        ImageShape image,
        int classes,
        int training,
        int validation,
        int test,
        long splitSeed) {
    /** The name of the data set that ships with the project. */
    public static final String DIGITS = "digits";
    /** The name of CIFAR-10, which is read in its official binary layout. */
    public static final String CIFAR10 = "cifar10";

    public DataSet {
        if (name.isBlank()) {
            throw new IllegalArgumentException("data set name must not be blank");
        }
        if (!contentHash.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("content hash must be 64 hex digits, got '" + contentHash + "'");
        }
        Checks.atLeast("classes", 2, classes);
        Checks.atLeast("training images", 1, training);
        Checks.atLeast("validation images", 1, validation);
        Checks.atLeast("test images", 0, test);
    }

    /** The 1,797 grey 8x8 images of hand-written digits that ship with the project. */
    public static DataSet digits(long splitSeed) {
        return new DataSet(
                DIGITS,
                "d8121ca7764eccfaef1df6bc4589c6527c58fcbab0cb1b079e79f97f8cb8219a",
                new ImageShape(8, 8, 1),
                10,
                1200,
                297,
                300,
                splitSeed);
    }
}
