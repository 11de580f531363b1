package pnas.trainer.child;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes frames for a {@link FrameReader}. Safe for use by many threads. */
final class FrameWriter {
    private final OutputStream stream;

    FrameWriter(OutputStream stream) {
        this.stream = stream;
    }

    /** Writes a frame and flushes it. The text has no line feed: JSON escapes it. */
    synchronized void write(String text) throws IOException {
        stream.write((FrameReader.START + text + FrameReader.END).getBytes(StandardCharsets.UTF_8));
        stream.flush();
    }
}
