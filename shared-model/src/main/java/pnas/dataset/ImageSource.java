package pnas.dataset;

import java.io.IOException;

/** Where the images of a data set come from. */
sealed interface ImageSource permits DigitsSource, CifarSource, ClassFolders {
    /**
     * Gives all images to a sink.
     *
     * @throws pnas.failure.PnasException {@code DATA_SET_UNREADABLE}, naming file and record
     */
    Contents read(ImageSink sink) throws IOException;

    /** The greatest value of a pixel. */
    int brightest();

    /** A text that changes when a file of the source does; found without reading any of them. */
    String fingerprint() throws IOException;
}
