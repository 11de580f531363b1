package pnas.trainer.dataset;

import pnas.dataset.Images;
import pnas.network.ImageShape;

/** A data set, split, its pixels scaled to 0..1 and standardised per channel with mean and deviation of the training part. */
public final class TrainingData {
    private final Images images;
    private final Part training;
    private final Part validation;
    private final Part test;
    /** Standardised values by channel and pixel value. */
    private final float[][] standardised;

    TrainingData(Images images, Split split) {
        this.images = images;
        this.training = new Part(split.training());
        this.validation = new Part(split.validation());
        this.test = new Part(split.test());
        this.standardised = standardise(images, split.training());
    }

    public ImageShape shape() {
        return images.shape();
    }

    public Part training() {
        return training;
    }

    public Part validation() {
        return validation;
    }

    /** Never seen by a search. */
    public Part test() {
        return test;
    }

    private static float[][] standardise(Images images, int[] part) {
        int channels = images.shape().channels();
        long[][] counts = new long[channels][images.brightest() + 1];
        for (int image : part) {
            for (int position = 0; position < images.imageLength(); position++) {
                counts[position % channels][images.pixel(image, position)]++;
            }
        }
        float[][] values = new float[channels][images.brightest() + 1];
        for (int channel = 0; channel < channels; channel++) {
            double total = (double) part.length * images.imageLength() / channels;
            double mean = 0;
            for (int value = 0; value <= images.brightest(); value++) {
                mean += counts[channel][value] / total * value / images.brightest();
            }
            double variance = 0;
            for (int value = 0; value <= images.brightest(); value++) {
                double offset = (double) value / images.brightest() - mean;
                variance += counts[channel][value] / total * offset * offset;
            }
            // A channel without contrast has nothing to scale.
            double deviation = variance > 0 ? Math.sqrt(variance) : 1;
            for (int value = 0; value <= images.brightest(); value++) {
                values[channel][value] = (float) (((double) value / images.brightest() - mean) / deviation);
            }
        }
        return values;
    }

    /** One of the three parts. */
    public final class Part {
        private final int[] members;

        private Part(int[] members) {
            this.members = members;
        }

        /** Number of images. */
        public int size() {
            return members.length;
        }

        /**
         * Writes one image and its class into a batch.
         *
         * @param member number of the image within this part, from 0
         * @param place place in the batch, from 0
         * @param pixels receives standardised pixels, layout (N, H, W, C)
         * @param labels receives the class, from 0
         */
        public void copy(int member, int place, float[] pixels, int[] labels) {
            int image = members[member];
            int length = images.imageLength();
            int channels = standardised.length;
            for (int position = 0; position < length; position++) {
                pixels[place * length + position] = standardised[position % channels][images.pixel(image, position)];
            }
            labels[place] = images.label(image);
        }
    }
}
