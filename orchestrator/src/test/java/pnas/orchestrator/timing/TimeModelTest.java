package pnas.orchestrator.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimeModelTest {
    private static final TrainingPlace CPU = new TrainingPlace("torch", "cpu", "1 thread");
    private static final TrainingPlace GPU = new TrainingPlace("torch", "gpu", "1 thread");

    @Test
    void with_nothing_measured_time_is_proportional_to_multiply_adds() {
        TimeModel model = TimeModel.fit("torch", List.of());

        TimePrediction small = model.predict(CPU, new TrainingSize(1_000_000, 1000, 9, 5));
        TimePrediction large = model.predict(CPU, new TrainingSize(3_000_000, 1000, 9_999, 50));

        assertThat(large.seconds() / small.seconds()).isCloseTo(3, within(1e-9));
        assertThat(small.guess()).isTrue();
        assertThat(seconds("dl4j")).isGreaterThan(5 * small.seconds());
        assertThat(seconds("vector")).isCloseTo(small.seconds() / 2, within(1e-9));
    }

    private static double seconds(String engine) {
        return TimeModel.fit(engine, List.of())
                .predict(CPU, new TrainingSize(1_000_000, 1000, 9, 5))
                .seconds();
    }

    @Test
    void finds_what_time_depends_on_and_how_much_chance_does() {
        TimeModel model = TimeModel.fit("torch", measured(500, CPU, 1));

        for (TrainingSize size : sizes(50, 2)) {
            TimePrediction prediction = model.predict(CPU, size);
            assertThat(Math.log(prediction.seconds() / truth(size))).isCloseTo(0, within(0.1));
            assertThat(prediction.own()).isCloseTo(0.2, within(0.03));
            assertThat(prediction.model()).isLessThan(0.06);
            assertThat(prediction.guess()).isFalse();
        }
    }

    @Test
    void nine_of_ten_times_are_within_the_interval() {
        int within = 0;
        int all = 0;
        for (int seed = 0; seed < 40; seed++) {
            TimeModel model = TimeModel.fit("torch", measured(25, CPU, seed));
            for (MeasuredTime time : measured(25, CPU, 1000 + seed)) {
                Estimate estimate = new Workload(List.of(), List.of(model.predict(CPU, time.size()))).sum();
                within += time.seconds() >= estimate.low() && time.seconds() <= estimate.high() ? 1 : 0;
                all++;
            }
        }
        assertThat((double) within / all).isBetween(0.86, 0.96);
    }

    @Test
    void a_place_has_a_speed_of_its_own_and_shares_the_rest_with_the_others() {
        List<MeasuredTime> both = new ArrayList<>(measured(200, CPU, 1));
        measured(20, GPU, 2)
                .forEach(time -> both.add(new MeasuredTime(time.place(), time.size(), time.seconds() / 30)));
        TimeModel model = TimeModel.fit("torch", both);

        TrainingSize size = sizes(1, 3).getFirst();
        assertThat(model.predict(CPU, size).seconds() / model.predict(GPU, size).seconds())
                .isCloseTo(30, within(5.0));
        assertThat(model.predict(GPU, size).model())
                .isGreaterThan(model.predict(CPU, size).model());
    }

    @Test
    void a_place_that_was_never_measured_is_a_guess_with_a_wide_interval() {
        TimeModel model = TimeModel.fit("torch", measured(200, CPU, 1));

        TimePrediction prediction = model.predict(GPU, sizes(1, 3).getFirst());

        assertThat(prediction.guess()).isTrue();
        Estimate estimate = new Workload(List.of(), List.of(prediction)).sum();
        assertThat(estimate.high() / estimate.low()).isGreaterThan(100);
    }

    @Test
    void a_few_measurements_move_the_prediction_and_not_the_slopes() {
        TrainingSize size = new TrainingSize(1_000_000, 1000, 5000, 40);
        TrainingSize larger = new TrainingSize(2_000_000, 1000, 5000, 40);
        TimeModel model = TimeModel.fit("torch", List.of(new MeasuredTime(CPU, size, 50)));

        assertThat(model.predict(CPU, size).seconds()).isBetween(30.0, 60.0);
        assertThat(model.predict(CPU, larger).seconds()
                        / model.predict(CPU, size).seconds())
                .isCloseTo(2, within(1e-9));
    }

    @Test
    void layers_that_were_not_counted_count_as_the_usual_number_and_no_time_as_a_little() {
        List<MeasuredTime> measured = new ArrayList<>(measured(50, CPU, 1));
        measured.add(new MeasuredTime(CPU, new TrainingSize(1_000_000, 1000, 5000, 0), 1));
        measured.add(new MeasuredTime(CPU, new TrainingSize(1_000_000, 1000, 5000, 40), 0));

        assertThat(TimeModel.fit("torch", measured)
                        .predict(CPU, new TrainingSize(1_000_000, 1000, 5000, 0))
                        .seconds())
                .isFinite()
                .isPositive();
        assertThat(TimeModel.fit("torch", measured.subList(50, 51))
                        .predict(CPU, new TrainingSize(1_000_000, 1000, 5000, 40))
                        .seconds())
                .isFinite();
    }

    private static List<MeasuredTime> measured(int count, TrainingPlace place, long seed) {
        Random noise = new Random(-seed);
        return sizes(count, seed).stream()
                .map(size -> new MeasuredTime(place, size, truth(size) * Math.exp(0.2 * noise.nextGaussian())))
                .toList();
    }

    /** Less than proportional to the work, and more with many layers. */
    private static double truth(TrainingSize size) {
        return 1e-6 * Math.pow(size.work(), 0.8) * Math.sqrt(size.layers());
    }

    private static List<TrainingSize> sizes(int count, long seed) {
        Random random = new Random(seed);
        List<TrainingSize> sizes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double scale = Math.exp(random.nextGaussian());
            sizes.add(new TrainingSize(
                    (long) (1e6 * scale),
                    1000,
                    (long) (5e3 * scale * Math.exp(0.3 * random.nextGaussian())),
                    20 + random.nextInt(60)));
        }
        return sizes;
    }
}
