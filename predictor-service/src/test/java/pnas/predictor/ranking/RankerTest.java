package pnas.predictor.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.cell.Operation;
import pnas.failure.PnasException;
import pnas.message.PredictorName;
import pnas.message.RankingAnswer.Quality;
import pnas.message.RankingAnswer.Ranked;
import pnas.message.RankingAnswer.Scored;
import pnas.message.RankingRequest.Header;
import pnas.message.RankingRequest.Observation;
import pnas.predictor.SampleCells;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.encoding.Candidates.Family;
import pnas.predictor.encoding.LearningSet;
import pnas.predictor.model.FittedPredictor;
import pnas.predictor.model.Predictors;

final class RankerTest {
    private final List<Observation> observations = SampleCells.observations(45, 2, new SplittableRandom(4));
    private final List<Family> families =
            SampleCells.candidates(3, 3, new SplittableRandom(5)).families();
    private final Ranker ranker = new Ranker(() -> 0);

    private Ranked rank(RankingTask task) {
        return ranker.rank(task, _ -> {});
    }

    @Test
    void keeps_the_best_by_score_and_counts_all_scores() {
        Ranked answer = rank(task("gp", 10, observations, families));
        Candidates candidates = new Candidates(3, families);
        FittedPredictor fitted = Predictors.of(PredictorName.GP).fit(new LearningSet(observations), 9);
        double[] scores = fitted.score(candidates);
        Arrays.sort(scores);

        assertThat(answer.candidates()).isEqualTo(scores.length);
        assertThat(answer.best())
                .hasSize(10)
                .isSortedAccordingTo(Comparator.comparingDouble(Scored::score).reversed());
        assertThat(answer.best().getLast().score()).isEqualTo(scores[scores.length - 10]);
        assertThat(answer.best())
                .allSatisfy(best -> assertThat(fitted.score(best.cell())).isCloseTo(best.score(), within(1e-9)));
        assertThat(answer.histogram().least()).isEqualTo(scores[0]);
        assertThat(answer.histogram().greatest()).isEqualTo(scores[scores.length - 1]);
        assertThat(answer.histogram().counts().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(scores.length);
        assertThat(answer.histogram().counts().getLast()).isPositive();
    }

    @Test
    void orders_equal_scores_by_canonical_text() {
        List<Observation> alike = observations.stream()
                .filter(observation -> observation.stage() == 1)
                .map(observation -> new Observation(Cell.parse("sep3x3(c-1)+sep3x3(c-1)"), 1, 0.5))
                .toList();
        Ranked answer = rank(task("gp", 20, alike, families));
        List<Cell> expected = families.stream()
                .flatMap(family -> family.children().stream().map(family.parent()::plus))
                .sorted(Comparator.comparing((Cell cell) -> cell.canonical().text()))
                .limit(20)
                .map(Cell::canonical)
                .toList();
        assertThat(answer.best()).extracting(best -> best.cell().canonical()).isEqualTo(expected);
    }

    @Test
    void answers_the_same_whatever_the_order_of_observations_and_candidates() {
        List<Observation> shuffledObservations = new ArrayList<>(observations);
        Collections.shuffle(shuffledObservations, new Random(1));
        List<Family> parted = new ArrayList<>();
        for (Family family : families) {
            List<Block> children = new ArrayList<>(family.children());
            Collections.shuffle(children, new Random(2));
            parted.add(new Family(family.parent(), children.subList(0, 100)));
            parted.add(new Family(family.parent(), children.subList(100, children.size())));
        }
        Collections.shuffle(parted, new Random(3));
        for (PredictorName name : List.of(PredictorName.GP, PredictorName.MLP_ENSEMBLE)) {
            assertThat(rank(task(name.text(), 30, shuffledObservations, parted)))
                    .isEqualTo(rank(task(name.text(), 30, observations, families)));
        }
    }

    @Test
    void judges_the_last_measured_stage_by_fits_that_have_not_seen_it() {
        Quality quality = Objects.requireNonNull(
                rank(task("gp", 1, observations, families)).quality());
        assertThat(quality.cells()).isEqualTo(42);
        assertThat(quality.spearman()).isBetween(0.5, 0.999);
        assertThat(quality.pearson()).isBetween(0.5, 0.999);
        assertThat(quality.kendall()).isBetween(0.4, 0.999);
    }

    @Test
    void does_not_judge_fewer_than_ten_cells() {
        List<Observation> nineOfTheLast = observations.subList(0, 45 + 9);
        assertThat(rank(task("gp", 1, nineOfTheLast, families)).quality()).isNull();
    }

    @Test
    void keeps_all_candidates_where_there_are_fewer_than_asked_for() {
        List<Family> few = List.of(new Family(
                families.getFirst().parent(), families.getFirst().children().subList(0, 4)));
        assertThat(rank(task("gp", 256, observations, few)).best()).hasSize(4);
    }

    @Test
    void reports_everything_that_is_wrong_with_a_request_at_once() {
        Cell parent = Cell.parse("sep5x5(c-1)+sep3x3(c-1) | sep3x3(c-1)+sep3x3(c-1)");
        RankingTask task = task(
                "oracle",
                1,
                List.of(new Observation(parent, 2, null)),
                List.of(new Family(parent, families.getFirst().children())));
        assertThatThrownBy(() -> rank(task))
                .isInstanceOf(PnasException.class)
                .hasMessage("predictor: predictor must be one of gp, blend, mlp, mlp-ensemble, lstm, lstm-ensemble, got"
                        + " 'oracle'; observations: a predictor needs at least one cell with an accuracy, got none"
                        + " among 1; candidates: a parent must be in canonical form, got " + parent.text());
    }

    @Test
    void two_rankings_at_once_score_to_the_bit_what_each_scores_alone() throws Exception {
        List<Observation> few = SampleCells.observations(12, 2, new SplittableRandom(6));
        List<RankingTask> tasks = Stream.of("gp", "mlp", "blend", "lstm")
                .map(name -> task(name, 4096, few, families))
                .toList();
        List<Ranked> alone = tasks.stream().map(this::rank).toList();

        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            List<Future<Ranked>> atOnce =
                    tasks.stream().map(task -> two.submit(() -> rank(task))).toList();
            for (int i = 0; i < tasks.size(); i++) {
                assertThat(atOnce.get(i).get()).isEqualTo(alone.get(i));
            }
        }
    }

    @Test
    void scores_a_request_of_several_slices_to_the_bit_as_a_whole_and_says_how_far_it_is() {
        List<Family> many =
                Collections.nCopies(40, families).stream().flatMap(List::stream).toList();
        Candidates candidates = new Candidates(3, many);
        double[] whole = Predictors.of(PredictorName.GP)
                .fit(new LearningSet(observations), 9)
                .score(candidates);
        List<Integer> told = new ArrayList<>();

        Ranked answer = ranker.rank(task("gp", 4096, observations, many), told::add);

        assertThat(told).startsWith(0).endsWith(candidates.count()).isSorted().hasSizeGreaterThan(2);
        double[] best = Arrays.stream(whole)
                .boxed()
                .sorted(Comparator.reverseOrder())
                .limit(4096)
                .mapToDouble(score -> score)
                .toArray();
        assertThat(answer.best().stream().mapToDouble(Scored::score).toArray()).isEqualTo(best);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gp", "mlp"})
    void ends_where_its_thread_is_interrupted(String predictor) {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> rank(task(predictor, 10, observations, families)))
                    .isInstanceOf(CancellationException.class);
        } finally {
            assertThat(Thread.interrupted())
                    .as("the caller of the thread learns it too")
                    .isTrue();
        }
    }

    @Test
    void learns_as_it_is_told() {
        Ranked own = rank(fitted("mlp", null));
        Ranked fineTuned = rank(fitted("mlp", "fine-tune"));
        Ranked refit = rank(fitted("mlp", "refit"));
        assertThat(own).isEqualTo(fineTuned).isNotEqualTo(refit);
    }

    @Test
    void refuses_what_a_predictor_cannot_do() {
        assertThatThrownBy(() -> rank(fitted("gp", "fine-tune")))
                .hasMessage("fitting: must be refit, as predictor gp has no weights to start from, got 'fine-tune'");
        assertThatThrownBy(() -> rank(fitted("mlp", "grow")))
                .hasMessage("fitting: must be one of refit, fine-tune, got 'grow'");
    }

    private RankingTask fitted(String predictor, @Nullable String fitting) {
        return new RankingTask(
                new Header(
                        1,
                        new UUID(1, 2),
                        "experiment",
                        3,
                        predictor,
                        fitting,
                        List.of(Operation.values()),
                        9,
                        10,
                        1,
                        1),
                observations,
                families);
    }

    @Test
    void refuses_candidates_of_other_operations_or_sizes() {
        Family family = families.getFirst();
        Header header = header("gp", 1, 3, List.of(Operation.SEP3X3));
        assertThatThrownBy(() -> rank(new RankingTask(header, observations, List.of(family))))
                .hasMessageStartingWith("candidates: operations must be among [SEP3X3], got");
        Header later = header("gp", 1, 4, List.of(Operation.values()));
        assertThatThrownBy(() -> rank(new RankingTask(later, observations, List.of(family))))
                .hasMessageStartingWith("candidates: candidates of 4 blocks have a parent of 3, got");
        Family impossible = new Family(family.parent(), List.of(Block.parse("sep3x3(b3)+sep3x3(b3)")));
        assertThatThrownBy(() -> rank(task("gp", 1, observations, List.of(impossible))))
                .hasMessage("candidates: block 3 must read earlier blocks only, got sep3x3(b3)+sep3x3(b3)");
    }

    private static RankingTask task(String predictor, int keep, List<Observation> observations, List<Family> families) {
        return new RankingTask(header(predictor, keep, 3, List.of(Operation.values())), observations, families);
    }

    private static Header header(String predictor, int keep, int stage, List<Operation> operations) {
        return new Header(1, new UUID(1, 2), "experiment", stage, predictor, null, operations, 9, keep, 1, 1);
    }
}
