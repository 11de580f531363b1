package pnas.dataset;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import pnas.network.ImageShape;

/**
 * The files of CIFAR-10 in whatever order they come: gives their images to a sink in the order of the batches, the test batch last, and holds no batch
 * longer than it must. A record is one byte of label and 3072 bytes of pixels, layout (C, H, W), channels red, green, blue.
 */
final class CifarBatches {
    static final int MOST_BYTES = 10_000 * (1 + 3072);
    private static final ImageShape IMAGE = new ImageShape(32, 32, 3);
    private static final int AREA = 1024;
    private static final int CHANNELS = 3;
    private static final int RECORD = 1 + CHANNELS * AREA;
    private static final String LABELS = "batches.meta.txt";
    private static final List<String> CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
    /** In the order of their images. */
    private static final List<String> BATCHES = List.of(
            "data_batch_1.bin",
            "data_batch_2.bin",
            "data_batch_3.bin",
            "data_batch_4.bin",
            "data_batch_5.bin",
            "test_batch.bin");

    private static final int TEST = BATCHES.size() - 1;
    private static final Pattern FILES = Pattern.compile(String.join("|", BATCHES) + "|" + LABELS);

    private final String source;
    private final ImageSink sink;
    private final Set<String> seen = new HashSet<>();
    private final NavigableMap<Integer, byte[]> waiting = new TreeMap<>();
    private final int[] counts = new int[CLASSES.size()];
    private int next;
    private int trainable;

    /** @param source the name of the archive or folder, for failures */
    CifarBatches(String source, ImageSink sink) {
        this.source = source;
        this.sink = sink;
    }

    /** Whether this is the name of a file that belongs here. */
    static boolean knows(String file) {
        return FILES.matcher(file).matches();
    }

    /** The record that a byte of a file belongs to, from 1. */
    static int recordAt(int position) {
        return position / RECORD + 1;
    }

    /** Takes a whole file that this {@linkplain #knows}. */
    void add(String file, byte[] bytes) {
        if (!seen.add(file)) {
            throw SourceFile.unreadable(where(file), "stands twice in the archive");
        }
        if (file.equals(LABELS)) {
            requireLabels(bytes);
            return;
        }
        if (bytes.length == 0 || bytes.length % RECORD != 0) {
            throw SourceFile.unreadable(
                    where(file) + " record " + recordAt(bytes.length),
                    "the file is too short: expected " + RECORD + " bytes, got " + bytes.length % RECORD);
        }
        waiting.put(BATCHES.indexOf(file), bytes);
        while (waiting.containsKey(next)) {
            takeFirst();
        }
    }

    /** Takes what has waited for batches that never came. */
    Contents finish() {
        if (!seen.contains(BATCHES.get(TEST)) || BATCHES.stream().limit(TEST).noneMatch(seen::contains)) {
            throw SourceFile.unreadable(
                    source,
                    "expected data_batch_1.bin to data_batch_5.bin, or some of them, and test_batch.bin of the binary"
                            + " version of CIFAR-10; found "
                            + (seen.isEmpty() ? "none of them" : "only " + String.join(", ", new TreeSet<>(seen))));
        }
        while (!waiting.isEmpty()) {
            takeFirst();
        }
        return new Contents(
                sink.contentHash(),
                IMAGE,
                CLASSES.size(),
                sink.size(),
                sink.size() - trainable,
                true,
                Math.max(1, trainable / 10));
    }

    private void takeFirst() {
        Map.Entry<Integer, byte[]> first = waiting.pollFirstEntry();
        next = first.getKey() + 1;
        boolean test = first.getKey() == TEST;
        if (test) {
            requireEveryClass("the training batches");
            Arrays.fill(counts, 0);
            trainable = sink.size();
        }
        takeImages(BATCHES.get(first.getKey()), first.getValue());
        if (test) {
            requireEveryClass(BATCHES.get(TEST));
        }
    }

    private void takeImages(String file, byte[] batch) {
        for (int start = 0; start < batch.length; start += RECORD) {
            int label = batch[start] & 0xFF;
            if (label >= counts.length) {
                throw SourceFile.unreadable(
                        where(file) + " record " + recordAt(start),
                        "label must be 0 to " + (counts.length - 1) + ", got " + label);
            }
            counts[label]++;
            byte[] image = new byte[AREA * CHANNELS];
            for (int channel = 0; channel < CHANNELS; channel++) {
                for (int pixel = 0; pixel < AREA; pixel++) {
                    image[pixel * CHANNELS + channel] = batch[start + 1 + channel * AREA + pixel];
                }
            }
            sink.take(label, image);
        }
    }

    private void requireEveryClass(String where) {
        for (int label = 0; label < counts.length; label++) {
            if (counts[label] == 0) {
                throw SourceFile.unreadable(
                        where(where), "no image has class " + label + " (" + CLASSES.get(label) + ")");
            }
        }
    }

    private void requireLabels(byte[] text) {
        List<String> names = new String(text, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (!names.equals(CLASSES)) {
            throw SourceFile.unreadable(
                    where(LABELS),
                    "these are the labels of another data set: expected " + String.join(", ", CLASSES) + ", got "
                            + names.stream().limit(CLASSES.size()).collect(Collectors.joining(", ")));
        }
    }

    private String where(String file) {
        return source + "/" + file;
    }
}
