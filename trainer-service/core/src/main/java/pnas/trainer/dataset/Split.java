package pnas.trainer.dataset;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import pnas.dataset.Images;
import pnas.message.DataSet;
import pnas.trainer.random.Draws;

/**
 * Which images belong to which part; each part that is drawn holds every class in proportion. The test part depends on the data alone, so that a
 * final test means the same whatever split a search used.
 *
 * @param training indices of images, ascending
 * @param validation indices of images, ascending
 * @param test indices of images, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // Stays in this package, where nobody compares or changes the arrays.
record Split(int[] training, int[] validation, int[] test) {

    /** The parts of a data set, whose test part its source sets apart or which is drawn; images that belong to no part are left out. */
    static Split of(Images images, DataSet dataSet) {
        int[] all = IntStream.range(0, images.size()).toArray();
        String hash = dataSet.contentHash();
        Draw test = images.contents().testApart()
                ? lastOf(all, dataSet.test())
                : draw(images, all, dataSet.test(), Draws.seededBy(hash));
        String seed = hash + ":" + dataSet.splitSeed();
        Draw validation = draw(images, test.rest(), dataSet.validation(), Draws.seededBy(seed));
        Draw training = draw(images, validation.rest(), dataSet.training(), Draws.seededBy(seed + ":training"));
        return new Split(training.drawn(), validation.drawn(), test.drawn());
    }

    @SuppressWarnings("ArrayRecordComponent") // A pair of results, taken apart at once.
    private record Draw(int[] drawn, int[] rest) {}

    private static Draw lastOf(int[] from, int count) {
        int first = from.length - count;
        return new Draw(Arrays.copyOfRange(from, first, from.length), Arrays.copyOf(from, first));
    }

    private static Draw draw(Images images, int[] from, int count, Draws draws) {
        int[][] byClass = new int[images.classes()][];
        for (int label = 0; label < byClass.length; label++) {
            int wanted = label;
            byClass[label] = Arrays.stream(from)
                    .filter(image -> images.label(image) == wanted)
                    .toArray();
            draws.shuffle(byClass[label]);
        }
        int[] quotas =
                quotas(Arrays.stream(byClass).mapToInt(group -> group.length).toArray(), count);
        IntStream drawn = IntStream.empty();
        IntStream rest = IntStream.empty();
        for (int label = 0; label < byClass.length; label++) {
            int[] group = byClass[label];
            drawn = IntStream.concat(drawn, Arrays.stream(group, 0, quotas[label]));
            rest = IntStream.concat(rest, Arrays.stream(group, quotas[label], group.length));
        }
        return new Draw(drawn.sorted().toArray(), rest.sorted().toArray());
    }

    /** Shares a count among groups in proportion to their sizes, by the largest remainders; the earlier group wins a tie. */
    private static int[] quotas(int[] sizes, int count) {
        long total = Arrays.stream(sizes).asLongStream().sum();
        int[] quotas = Arrays.stream(sizes)
                .map(size -> (int) ((long) size * count / total))
                .toArray();
        int left = count - Arrays.stream(quotas).sum();
        IntStream.range(0, sizes.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(group -> -((long) sizes[group] * count % total)))
                .limit(left)
                .forEach(group -> quotas[group]++);
        return quotas;
    }
}
