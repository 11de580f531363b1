package pnas.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a seed makes: a search, and what goes wrong in it.
 *
 * @param first place of the one operation of its cells
 * @param blocks of its largest cells
 * @param beam cells of each later stage
 * @param random whether chance chooses them
 * @param trainers how many there are, with so many slots each
 * @param budget how many trainings the search may use, absent where it has no limit
 * @param maxParallel how many may be out at once, absent where that has no limit
 * @param reuse whether results of other searches are as good
 * @param second whether another search of the same cells begins beside it
 * @param rankings how many a predictor computes at once
 * @param confirm whether the searches confirm their winners
 * @param lag how many milliseconds at most orchestrators let records wait, so that they read several at once
 */
record Plan(
        long seed,
        int first,
        int blocks,
        int beam,
        boolean random,
        int trainers,
        int slots,
        @Nullable Integer budget,
        @Nullable Integer maxParallel,
        boolean reuse,
        boolean second,
        int rankings,
        boolean confirm,
        int lag,
        List<Planned> faults) {
    private static final int LEAST_FAULTS = 6;
    private static final int MORE_FAULTS = 12;
    /** One in so many has none. */
    private static final int UNDISTURBED = 20;

    /** A fault that strikes when its point is met for the n-th time. */
    record Planned(Fault fault, int nth) {}

    Plan {
        faults = List.copyOf(faults);
    }

    static Plan of(long seed) {
        Random random = new Random(seed * 31 + 7);
        int first = random.nextInt(8);
        int blocks = 2 + random.nextInt(2);
        int beam = 2 + random.nextInt(3);
        boolean drawn = random.nextInt(6) == 0;
        int trainers = 1 + random.nextInt(3);
        int slots = trainers == 1 ? 1 : 1 + random.nextInt(2);
        Integer budget = random.nextInt(3) == 0 ? Integer.valueOf(1 + random.nextInt(10)) : null;
        Integer maxParallel = random.nextInt(4) == 0 ? Integer.valueOf(1 + random.nextInt(3)) : null;
        boolean reuse = random.nextInt(4) > 0;
        boolean second = random.nextInt(3) == 0;
        int rankings = 1 + random.nextInt(2);
        // By a chance of its own, so that all others are what they were.
        boolean confirm = new Random(seed * 17 + 3).nextInt(3) == 0;
        int lag = random.nextInt(3) == 0 ? 15_000 : 0;
        List<Planned> faults = new ArrayList<>();
        int count = random.nextInt(UNDISTURBED) == 0 ? 0 : LEAST_FAULTS + random.nextInt(MORE_FAULTS);
        Fault[] all = Fault.values();
        for (int i = 0; i < count; i++) {
            Fault fault = all[random.nextInt(all.length)];
            faults.add(new Planned(fault, 1 + random.nextInt(fault.point().usually())));
        }
        // Which needs results of another search.
        if (faults.stream().anyMatch(planned -> planned.fault() == Fault.REUSE_AFTER_A_CLAIM)) {
            reuse = true;
            second = true;
        }
        return new Plan(
                seed,
                first,
                blocks,
                beam,
                drawn,
                trainers,
                slots,
                budget,
                maxParallel,
                reuse,
                second,
                rankings,
                confirm,
                lag,
                faults);
    }

    Plan with(List<Planned> fewer) {
        return new Plan(
                seed,
                first,
                blocks,
                beam,
                random,
                trainers,
                slots,
                budget,
                maxParallel,
                reuse,
                second,
                rankings,
                confirm,
                lag,
                fewer);
    }

    /** One search of these sizes, in which nothing goes wrong. */
    Plan undisturbed(int blocks, int beam) {
        return new Plan(
                seed,
                first,
                blocks,
                beam,
                random,
                trainers,
                slots,
                null,
                maxParallel,
                reuse,
                false,
                rankings,
                confirm,
                0,
                List.of());
    }

    /** Of the faults of the seed only these, by their places from 0. */
    Plan only(List<Integer> places) {
        return with(places.stream().map(faults::get).toList());
    }

    /** The places of these faults among all of the seed's, as a command names them. */
    static String places(Plan fewer) {
        List<Planned> all = of(fewer.seed()).faults();
        return IntStream.range(0, all.size())
                .filter(place -> fewer.faults().contains(all.get(place)))
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return "%d blocks, %d cells a stage%s, %d trainers with %d slots, %s, at most %s at once, %s reuse, %s, %s, %d rankings at once, read within %d ms; %s"
                .formatted(
                        blocks,
                        beam,
                        random ? " by chance" : "",
                        trainers,
                        slots,
                        budget == null ? "no budget" : "a budget of " + budget,
                        maxParallel == null ? "any" : maxParallel,
                        reuse ? "with" : "without",
                        second ? "two searches" : "one search",
                        confirm ? "winners are confirmed" : "nothing is confirmed",
                        rankings,
                        lag,
                        faults.stream()
                                .map(planned -> planned.fault() + " at "
                                        + planned.fault().point() + " " + planned.nth())
                                .collect(Collectors.joining(", ")));
    }
}
