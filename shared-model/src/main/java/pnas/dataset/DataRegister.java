package pnas.dataset;

import java.util.Optional;
import pnas.network.ImageShape;

/** Remembers what data sets were found to hold, so that each is read and hashed once. For use by any number of threads. */
public interface DataRegister {
    /**
     * What a data set holds.
     *
     * @param image what a folder of images is scaled to
     * @param fingerprint 64 hex digits that are others when a file of the data set has changed
     */
    Optional<Contents> find(String name, ImageShape image, String fingerprint);

    /** Registers what a data set holds; changes nothing where that is known. */
    void add(String name, ImageShape image, String fingerprint, Contents contents);

    /** Remembers nothing. */
    static DataRegister none() {
        return new DataRegister() {
            @Override
            public Optional<Contents> find(String name, ImageShape image, String fingerprint) {
                return Optional.empty();
            }

            @Override
            public void add(String name, ImageShape image, String fingerprint, Contents contents) {}
        };
    }
}
