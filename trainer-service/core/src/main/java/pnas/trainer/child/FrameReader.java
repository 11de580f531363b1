package pnas.trainer.child;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames: a text between a record separator (U+001E) and a line feed, as in RFC 7464. Native code may print to the same stream; what
 * stands outside of a frame is stray, and is told apart because it has no record separator.
 */
final class FrameReader {
    static final char START = '\u001e';
    static final char END = '\n';

    private static final int MAX_BYTES = 2 << 20;

    private final InputStream stream;
    private final Consumer<String> stray;

    /**
     * Reads from this stream.
     *
     * @param stray takes each line, or beginning of a line, that belongs to no frame
     */
    FrameReader(InputStream stream, Consumer<String> stray) {
        this.stream = new BufferedInputStream(stream);
        this.stray = stray;
    }

    /** The next frame, null at the end of the stream. */
    @Nullable String next() throws IOException {
        boolean inFrame = false;
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int read = stream.read(); read != -1; read = stream.read()) {
            if (read == START) {
                tellStray(text);
                inFrame = true;
            } else if (read == END && inFrame) {
                return text.toString(StandardCharsets.UTF_8);
            } else if (read == END || text.size() == MAX_BYTES) {
                tellStray(text);
                inFrame = false;
            } else {
                text.write(read);
            }
        }
        tellStray(text);
        return null;
    }

    private void tellStray(ByteArrayOutputStream text) {
        if (text.size() > 0) {
            stray.accept(text.toString(StandardCharsets.UTF_8));
            text.reset();
        }
    }
}
