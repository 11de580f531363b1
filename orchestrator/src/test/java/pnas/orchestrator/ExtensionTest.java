package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.cell.Cell;
import pnas.orchestrator.api.Recount;
import pnas.orchestrator.experiment.ExperimentView;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.experiment.Extension;
import pnas.orchestrator.experiment.StageView;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.peer.Predictor;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.trial.Trials;
import pnas.testing.KafkaAndDatabase;

/** Searches that go on after their end, and searches that chance leads. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(QuickTimes.class)
class ExtensionTest {
    @Inject
    Experiments experiments;

    @Inject
    Trials trials;

    @Inject
    DataSource database;

    @AfterEach
    void the_counts_are_those_of_the_trials() throws SQLException {
        Recount.assertThatItAgrees(database);
    }

    /** A cell of a stage and what was found of it. */
    private record Found(
            int stage,
            int rank,
            Cell cell,
            @Nullable Double predicted,
            @Nullable Double accuracy) {}

    @ParameterizedTest
    @ValueSource(strings = {"progressive", "random"})
    void an_extended_search_finds_what_a_larger_one_finds(String strategy) throws InterruptedException {
        Search small = search(strategy, 2, 2);
        run(small);
        List<TrialSummary> before = small.trials();

        ExperimentView extended = experiments.extend(small.id(), new Extension(3, 4, null, null));
        assertThat(extended.state()).isEqualTo(ExperimentState.RUNNING);
        assertThat(extended.finishedAt()).isNull();
        ExperimentView ended = run(small);

        Search large = search(strategy, 3, 4);
        ExperimentView fresh = run(large);
        assertThat(ended.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(found(small)).isEqualTo(found(large));
        assertThat(ended.best())
                .extracting(TrialSummary::cell)
                .isEqualTo(fresh.best().cell());
        // Nothing was trained a second time.
        assertThat(ended.spent().trainings()).isEqualTo(small.trials().size());
        assertThat(small.trials())
                .extracting(TrialSummary::id)
                .containsAll(before.stream().map(TrialSummary::id).toList());
    }

    /** The first cell of each stage that is trained fails for good, as one that a table lacks, until the table has it. */
    @Test
    void a_search_whose_failures_are_tried_again_finds_what_an_undisturbed_one_finds() throws InterruptedException {
        Search disturbed = search("progressive", 3, 3);
        Set<Integer> failed = new HashSet<>();
        ExperimentView ended = disturbed.run(
                Predictor.rankingBy(Search::accuracy),
                cell -> failed.add(cell.blocks().size()) ? Double.NaN : Search.accuracy(cell));
        assertThat(ended.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(ended.stages()).extracting(stage -> stage.counts().failed()).containsExactly(1L, 1L, 1L);

        TrialSummary last = disturbed.trials().stream()
                .filter(trial -> trial.stage() == 3 && trial.state() == TrialState.FAILED)
                .findFirst()
                .orElseThrow();
        ExperimentView one = experiments.retry(disturbed.id(), last.cellId());
        assertThat(one.state()).isEqualTo(ExperimentState.RUNNING);
        assertThat(one.stages())
                .extracting(StageView::state)
                .containsExactly(StageState.DONE, StageState.DONE, StageState.TRAINING);
        assertThat(run(disturbed).progress().counts().failed()).isEqualTo(2);

        ExperimentView all = experiments.retry(disturbed.id(), null);
        assertThat(all.stages())
                .extracting(StageView::state)
                .containsExactly(StageState.TRAINING, StageState.EXPANDING, StageState.EXPANDING);
        assertThat(all.progress().counts().setAside()).isEqualTo(6);
        ended = run(disturbed);

        Search undisturbed = search("progressive", 3, 3);
        run(undisturbed);
        assertThat(ended.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(ended.progress().counts().failed()).isZero();
        assertThat(found(disturbed)).isEqualTo(found(undisturbed));
    }

    @Test
    void samples_are_one_stage_of_the_largest_cells() throws InterruptedException {
        Search search = new Search(
                experiments,
                trials,
                "{'engine':'replay','operations':['identity','max3x3'],'strategy':'random','samples':5,'blocks':3}");
        ExperimentView ended = run(search);

        assertThat(ended.stages()).singleElement().satisfies(stage -> {
            assertThat(stage.stage()).isEqualTo(3);
            assertThat(stage.trials()).isEqualTo(5);
        });
        assertThat(ended.progress().planned()).isEqualTo(5);
        assertThat(search.trials())
                .allSatisfy(trial -> assertThat(trial.cell().blocks()).hasSize(3));

        experiments.extend(search.id(), new Extension(null, null, 8, null));
        assertThat(run(search).progress().counts().replayed()).isEqualTo(8);
    }

    private Search search(String strategy, int blocks, int beam) {
        return new Search(
                experiments,
                trials,
                "{'engine':'replay','operations':['identity'],'seed':5,'strategy':'%s','blocks':%d,'beam':%d}"
                        .formatted(strategy, blocks, beam));
    }

    private static ExperimentView run(Search search) throws InterruptedException {
        return search.run(Predictor.rankingBy(Search::accuracy));
    }

    private static List<Found> found(Search search) {
        Stream<TrialSummary> chosen = search.trials().stream().filter(trial -> !trial.setAside());
        return chosen.map(trial ->
                        new Found(trial.stage(), trial.rank(), trial.cell(), trial.predicted(), trial.accuracy()))
                .toList();
    }
}
