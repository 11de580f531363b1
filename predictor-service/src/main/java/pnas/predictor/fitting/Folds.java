package pnas.predictor.fitting;

import java.util.random.RandomGenerator;

/** A division of observations into five folds of nearly equal size, such that each group of them is divided evenly too. */
public final class Folds {
    /** How many folds there are. */
    public static final int COUNT = 5;

    private final int[] foldOf;

    /**
     * @param groupOf the group of each observation; equal groups stand together
     * @param random decides who comes into which fold
     */
    public Folds(int[] groupOf, RandomGenerator random) {
        foldOf = new int[groupOf.length];
        int dealt = 0;
        for (int from = 0, to; from < groupOf.length; from = to) {
            to = from;
            while (to < groupOf.length && groupOf[to] == groupOf[from]) {
                foldOf[to++] = dealt++ % COUNT;
            }
            shuffle(foldOf, from, to, random);
        }
    }

    private static void shuffle(int[] values, int from, int to, RandomGenerator random) {
        for (int last = to - 1; last > from; last--) {
            int other = from + random.nextInt(last - from + 1);
            int value = values[last];
            values[last] = values[other];
            values[other] = value;
        }
    }

    /** The fold of an observation, from 0. */
    public int of(int observation) {
        return foldOf[observation];
    }
}
