package pnas.dataset;

import pnas.message.DataSet;
import pnas.network.ImageShape;

/**
 * What a data set was found to hold.
 *
 * @param contentHash as {@link DataSet#contentHash} says
 * @param image height, width and channels of every image
 * @param classes number of classes
 * @param images number of all images
 * @param test images in the test part
 * @param testApart whether the source itself sets the test part apart, as its last images; otherwise it is drawn
 * @param validation images in the validation part, where nobody asks for another number
 */
public record Contents(
        String contentHash, ImageShape image, int classes, int images, int test, boolean testApart, int validation) {

    /** Images that the training and the validation part share. */
    public int trainable() {
        return images - test;
    }

    /** The data set with parts of these sizes, which may leave some of the {@link #trainable} images out. */
    public DataSet dataSet(String name, int training, int validation, long splitSeed) {
        return new DataSet(name, contentHash, image, classes, training, validation, test, splitSeed);
    }
}
