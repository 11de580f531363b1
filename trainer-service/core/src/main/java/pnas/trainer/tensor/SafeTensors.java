package pnas.trainer.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file (https://github.com/huggingface/safetensors#format): the length of a header in 8 bytes, the header in JSON, which names
 * shape and place of each tensor, and the numbers, all of it little-endian. Numbers are 32-bit floating point, the only kind that weights here
 * have.
 *
 * <p>Reading trusts nothing in the file: the header is bounded, no tensor lies beyond the end, overlaps another one or leaves a gap, and what is
 * allocated for numbers is never more than the file holds.
 *
 * @param metadata texts by name
 * @param tensors tensors by name, in the order in which they lie in the file
 */
public record SafeTensors(Map<String, String> metadata, Map<String, Tensor> tensors) {
    /** More than the names of a million tensors take. */
    static final int MAX_HEADER = 100 << 20;

    private static final String METADATA = "__metadata__";
    private static final String FLOAT32 = "F32";
    /** So many bytes are moved at once. */
    private static final int CHUNK = 1 << 20;

    private static final int ALIGNMENT = 8;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    public SafeTensors {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        if (tensors.containsKey(METADATA)) {
            throw new IllegalArgumentException("no tensor may have the name " + METADATA);
        }
    }

    /**
     * Nothing where its tensors have these names.
     *
     * @param file that it was read from
     * @throws IOException where it has others
     */
    public void requireTensors(Path file, Set<String> names) throws IOException {
        if (!tensors.keySet().equals(names)) {
            throw new IOException(
                    file + " is of another network: it has " + tensors.keySet() + ", expected were " + names);
        }
    }

    /**
     * A whole number among its texts.
     *
     * @param file that it was read from
     * @throws IOException where there is none of that name
     */
    public long number(Path file, String name) throws IOException {
        String text = metadata.getOrDefault(name, "");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException(file + " must have a whole number as '" + name + "', got '" + text + "'", e);
        }
    }

    /** Place of a tensor among the numbers. */
    private record Entry(String name, List<Integer> shape, long begin, long end) {}

    /** Writes a new file. */
    public void write(Path file) throws IOException {
        byte[] header = header();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            ByteBuffer start = buffer(Long.BYTES + header.length);
            writeFully(channel, start.putLong(header.length).put(header).flip());
            ByteBuffer chunk = buffer(CHUNK);
            for (Tensor tensor : tensors.values()) {
                for (float value : tensor.values()) {
                    if (!chunk.hasRemaining()) {
                        writeFully(channel, chunk.flip());
                        chunk.clear();
                    }
                    chunk.putFloat(value);
                }
            }
            writeFully(channel, chunk.flip());
        }
    }

    private byte[] header() throws JsonProcessingException {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = header.putObject(METADATA);
            metadata.forEach(texts::put);
        }
        long begin = 0;
        for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
            Tensor tensor = named.getValue();
            long end = begin + (long) Float.BYTES * tensor.values().length;
            ObjectNode entry = header.putObject(named.getKey()).put("dtype", FLOAT32);
            tensor.shape().forEach(entry.putArray("shape")::add);
            entry.putArray("data_offsets").add(begin).add(end);
            begin = end;
        }
        byte[] text = JSON.writeValueAsBytes(header);
        // The format asks for spaces up to a boundary of 8 bytes.
        byte[] padded = new byte[(text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT];
        Arrays.fill(padded, (byte) ' ');
        System.arraycopy(text, 0, padded, 0, text.length);
        return padded;
    }

    /**
     * Reads a file.
     *
     * @throws IOException where it cannot be read or is not in the format, which the message tells
     */
    public static SafeTensors read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(channel);
        } catch (MalformedException | JsonProcessingException e) {
            String what = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
            throw new IOException(file + " is no safetensors file that can be read: " + what, e);
        }
    }

    private static SafeTensors read(FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < Long.BYTES) {
            throw new MalformedException("it has " + size + " bytes, fewer than the length of a header takes");
        }
        long headerLength = readFully(channel, Long.BYTES).getLong();
        if (headerLength < 0 || headerLength > Math.min(MAX_HEADER, size - Long.BYTES)) {
            throw new MalformedException("its header must have at most " + Math.min(MAX_HEADER, size - Long.BYTES)
                    + " bytes, got " + Long.toUnsignedString(headerLength));
        }
        JsonNode header = JSON.readTree(readFully(channel, (int) headerLength).array());
        if (!(header instanceof ObjectNode object)) {
            throw new MalformedException("its header must be a JSON object");
        }
        Map<String, String> metadata = metadata(object.remove(METADATA));
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : object.properties()) {
            entries.add(entry(property.getKey(), property.getValue()));
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        requireGapless(entries, size - Long.BYTES - headerLength);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        ByteBuffer chunk = buffer(CHUNK);
        for (Entry entry : entries) {
            tensors.put(entry.name, new Tensor(entry.shape, values(channel, chunk, entry)));
        }
        return new SafeTensors(metadata, tensors);
    }

    private static Map<String, String> metadata(@Nullable JsonNode node) throws MalformedException {
        Map<String, String> texts = new LinkedHashMap<>();
        if (node == null) {
            return texts;
        }
        if (!node.isObject()) {
            throw new MalformedException(METADATA + " must be an object of texts");
        }
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            if (!property.getValue().isTextual()) {
                throw new MalformedException(
                        METADATA + " must hold texts only, got another value for '" + excerpt(property.getKey()) + "'");
            }
            texts.put(property.getKey(), property.getValue().textValue());
        }
        return texts;
    }

    private static Entry entry(String name, JsonNode node) throws MalformedException {
        String what = "tensor '" + excerpt(name) + "'";
        if (!FLOAT32.equals(node.path("dtype").textValue())) {
            throw new MalformedException(what + " must have the dtype " + FLOAT32 + ", got "
                    + excerpt(node.path("dtype").toString()));
        }
        List<Integer> shape = new ArrayList<>();
        long count = 1;
        for (long length : wholeNumbers(what, node, "shape")) {
            if (length > Integer.MAX_VALUE) {
                throw new MalformedException(what + " has a dimension that is too long: " + length);
            }
            shape.add((int) length);
            // Beyond an array's length it stays there, and cannot overflow.
            count = length == 0 ? 0 : Math.min(count * length, Integer.MAX_VALUE + 1L);
        }
        List<Long> offsets = wholeNumbers(what, node, "data_offsets");
        if (offsets.size() != 2 || offsets.getFirst() > offsets.getLast()) {
            throw new MalformedException(what + " must have a first and a last offset, got " + offsets);
        }
        long length = offsets.getLast() - offsets.getFirst();
        if (count > Integer.MAX_VALUE / Float.BYTES || length != count * Float.BYTES) {
            throw new MalformedException(
                    what + " of shape " + shape + " cannot have " + length + " bytes, as " + FLOAT32 + " has 4 bytes");
        }
        return new Entry(name, shape, offsets.getFirst(), offsets.getLast());
    }

    private static List<Long> wholeNumbers(String what, JsonNode node, String field) throws MalformedException {
        JsonNode array = node.path(field);
        List<Long> numbers = new ArrayList<>();
        for (JsonNode each : array) {
            if (!each.isIntegralNumber() || !each.canConvertToLong() || each.longValue() < 0) {
                throw new MalformedException(
                        what + " must have whole numbers in " + field + ", got " + excerpt(each.toString()));
            }
            numbers.add(each.longValue());
        }
        if (!array.isArray()) {
            throw new MalformedException(what + " must have an array " + field);
        }
        return numbers;
    }

    private static void requireGapless(List<Entry> entries, long length) throws MalformedException {
        long end = 0;
        for (Entry entry : entries) {
            if (entry.begin != end) {
                throw new MalformedException("tensor '" + excerpt(entry.name) + "' must begin at " + end
                        + ", where the one before it ends, got " + entry.begin);
            }
            end = entry.end;
        }
        if (end != length) {
            throw new MalformedException("its tensors take " + end + " bytes, but it holds " + length);
        }
    }

    private static float[] values(FileChannel channel, ByteBuffer chunk, Entry entry) throws IOException {
        float[] values = new float[(int) ((entry.end - entry.begin) / Float.BYTES)];
        for (int done = 0; done < values.length; ) {
            int count = Math.min(values.length - done, CHUNK / Float.BYTES);
            chunk.clear().limit(count * Float.BYTES);
            readFully(channel, chunk);
            chunk.flip().asFloatBuffer().get(values, done, count);
            done += count;
        }
        return values;
    }

    private static ByteBuffer readFully(FileChannel channel, int length) throws IOException {
        ByteBuffer bytes = buffer(length);
        readFully(channel, bytes);
        return bytes.flip();
    }

    private static void readFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) == -1) {
                throw new MalformedException("it became shorter while it was read");
            }
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String excerpt(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    /** The file is not in the format. */
    private static final class MalformedException extends IOException {
        MalformedException(String message) {
            super(message);
        }
    }
}
