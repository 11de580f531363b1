package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static pnas.orchestrator.peer.Wait.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.Messages;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage.SignOfLife;
import pnas.message.Topics;
import pnas.orchestrator.api.Recount;
import pnas.orchestrator.api.Sql;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.experiment.OpenStages;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.RankingTerms;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.live.KeptEvent;
import pnas.orchestrator.peer.Predictor;
import pnas.orchestrator.peer.Predictor.Request;
import pnas.orchestrator.peer.Trainer;
import pnas.orchestrator.report.ExperimentView;
import pnas.orchestrator.report.Reports;
import pnas.orchestrator.report.StageDetail;
import pnas.orchestrator.report.StageView;
import pnas.orchestrator.specification.Extension;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.trial.Trials;
import pnas.testing.KafkaAndDatabase;

/** Searches from their first stage to their end, with predictors that answer, fail, lie or are silent. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(QuickTimes.class)
class SearchTest {
    private static final String SMALL =
            "{'engine':'replay','operations':['sep3x3','identity'],'blocks':3,'beam':3,'seed':5}";
    private static final String TWO_STAGES = "{'engine':'replay','operations':['identity'],'blocks':2,'beam':2}";

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Inject
    Experiments experiments;

    @Inject
    Reports reports;

    @Inject
    Trials trials;

    @Inject
    Events events;

    @Inject
    OpenStages openStages;

    @Inject
    DataSource database;

    @AfterEach
    void the_counts_are_those_of_the_trials() throws SQLException {
        Recount.assertThatItAgrees(database);
    }

    @Test
    void a_search_ends_with_the_best_measured_cell_of_its_last_stage() throws Exception {
        Search search = new Search(experiments, trials, SMALL);
        List<Request> requests = new ArrayList<>();
        ExperimentView ended = search.run(request -> {
            requests.add(request);
            return Predictor.rankingBy(Search::accuracy).apply(request);
        });

        assertThat(ended.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(ended.stages()).extracting(stage -> stage.trials()).containsExactly(10L, 3L, 3L);
        assertThat(ended.progress().counts().replayed()).isEqualTo(16);
        assertThat(ended.progress().planned()).isEqualTo(16);
        assertThat(ended.best())
                .isEqualTo(best(search.trials().stream()
                        .filter(trial -> trial.stage() == 3)
                        .toList()));
        assertThat(ended.bestOverall()).isEqualTo(best(search.trials()));
        assertThat(search.trials()).allSatisfy(trial -> {
            assertThat(trial.accuracy()).isEqualTo(Search.accuracy(trial.cell()));
            assertThat(trial.replayed()).isTrue();
            assertThat(trial.worker()).isEqualTo("trainer");
        });
        assertThat(requests.getFirst().header().operations())
                .extracting(Object::toString)
                .hasSize(2);
        assertThat(requests.getFirst().observations()).hasSize(10);
        assertThat(requests.getLast().observations()).hasSize(13);
        assertThat(requests.getLast().candidates())
                .extracting(cell -> cell.canonical().text())
                .doesNotHaveDuplicates();

        List<StageDetail> stages = reports.stages(search.id());
        assertThat(stages.get(1).cells()).extracting(StageDetail.Ranked::rank).containsExactly(1, 2, 3);
        assertThat(stages.get(1).cells())
                .allSatisfy(cell -> assertThat(cell.predicted()).isEqualTo(cell.accuracy()));
        assertThat(stages.get(1).quality().nextStage()).satisfies(quality -> {
            assertThat(quality.cells()).isEqualTo(3);
            assertThat(quality.spearman()).isCloseTo(1, within(1e-9));
        });
        assertThat(stages.get(1).candidates())
                .isEqualTo((long) requests.getFirst().candidates().size());

        List<KeptEvent> told = events.after(search.id(), 0, 1000);
        assertThat(told).extracting(KeptEvent::id).isSorted();
        assertThat(told)
                .extracting(KeptEvent::type)
                .startsWith("experiment.created", "stage.training")
                .endsWith("experiment.completed");
        assertThat(events.after(search.id(), told.get(9).id(), 5)).isEqualTo(told.subList(10, 15));
    }

    @Test
    void a_search_goes_on_after_its_end_with_what_failed_and_with_more() throws Exception {
        Search search = new Search(experiments, trials, TWO_STAGES);
        Set<Integer> failed = new HashSet<>();
        ExperimentView ended = search.run(
                Predictor.rankingBy(Search::accuracy),
                cell -> failed.add(cell.blocks().size()) ? Double.NaN : Search.accuracy(cell));
        assertThat(ended.stages()).extracting(stage -> stage.counts().failed()).containsExactly(1L, 1L);

        experiments.retry(search.id(), null);
        assertThat(search.view().stages())
                .extracting(StageView::state)
                .containsExactly(StageState.TRAINING, StageState.EXPANDING);
        assertThat(search.run(Predictor.rankingBy(Search::accuracy))
                        .progress()
                        .counts()
                        .failed())
                .isZero();

        assertThat(experiments
                        .extend(search.id(), new Extension(3, 3, null, null))
                        .state())
                .isEqualTo(ExperimentState.RUNNING);
        ended = search.run(Predictor.rankingBy(Search::accuracy));
        assertThat(ended.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(ended.stages())
                .extracting(stage -> stage.counts().replayed())
                .startsWith(3L, 3L)
                .hasSize(3);
    }

    /** The first answer is no ranking of the candidates and is refused, so that patience ends; the second says that ranking failed in passing. */
    @Test
    void a_request_that_is_not_answered_or_fails_in_passing_is_sent_again_under_its_id() {
        Search search = new Search(experiments, trials, TWO_STAGES);
        List<Request> requests = new CopyOnWriteArrayList<>();
        ExperimentView ended = search.run(request -> {
            requests.add(request);
            return switch (requests.size()) {
                case 1 -> {
                    endPatience(search);
                    yield withBest(
                            request,
                            new RankingAnswer.Scored(
                                    Cell.parse("sep3x3(c-1)+identity(c-1) | max3x3(b1)+max3x3(c-2)"), 1));
                }
                case 2 -> failed(request, ErrorCode.RANKING_FAILED);
                default -> Predictor.rankingBy(Search::accuracy).apply(request);
            };
        });

        assertThat(ended.state()).isEqualTo(ExperimentState.COMPLETED);
        assertThat(search.trials()).noneMatch(trial -> trial.cell().text().contains("sep3x3"));
        assertThat(requests).hasSizeGreaterThan(2).containsOnly(requests.getFirst());
    }

    /** As if the request had been sent an hour ago. It is marked as sent only once the broker has all of it, which the predictor may have before. */
    private void endPatience(Search search) {
        await().until(() -> Sql.execute(
                        database,
                        "update stage set request_sent_at = request_sent_at - interval '1 hour'"
                                + " where experiment_id = ? and number = 2 and request_sent_at is not null",
                        search.id())
                == 1);
    }

    @Test
    void a_ranking_that_its_predictor_tells_of_is_shown_waited_for_and_withdrawn_with_its_experiment()
            throws Exception {
        Search search = new Search(experiments, trials, TWO_STAGES);
        List<SignOfLife> told = new CopyOnWriteArrayList<>();
        try (Trainer trainer = new Trainer("trainer");
                Predictor _ = new Predictor(search.id(), request -> {
                    told.add(new SignOfLife(
                            1,
                            request.header().requestId(),
                            search.id(),
                            false,
                            2,
                            request.candidates().size(),
                            90.0));
                    return told.getLast();
                })) {
            trainer.trainAll(search.id(), Search::accuracy);
            // As a predictor does it: again and again, since nobody hears what comes before the request is marked as
            // sent.
            ExperimentView view = search.await(experiment -> {
                if (!told.isEmpty()) {
                    trainer.send(Topics.RANKINGS, search.id(), Messages.encode(told.getFirst()));
                }
                return experiment.stages().size() == 2
                        && experiment.stages().get(1).ranking() != null;
            });
            assertThat(view.stages().get(1).ranking()).satisfies(ranking -> {
                assertThat(ranking.scored()).isEqualTo(2);
                assertThat(ranking.secondsLeft()).isEqualTo(90);
            });
            assertThat(view.waiting())
                    .isEqualTo("a predictor ranks the candidates of stage 2: 2 of %d scored, about 90 s left"
                            .formatted(told.getFirst().of()));
            assertThat(events.after(search.id(), 0, 1000))
                    .extracting(KeptEvent::type)
                    .contains("stage.scored");

            // Asked an hour ago, and heard since then.
            Sql.execute(
                    database,
                    "update stage set request_sent_at = now() - interval '1 hour',"
                            + " ranking_heard_at = now() + interval '1 hour' where experiment_id = ? and number = 2",
                    search.id());
            assertThat(openStages.take(new RankingTerms(Duration.ofSeconds(2), 2, Duration.ofMinutes(1))))
                    .isEmpty();

            experiments.cancel(search.id());
            await().atMost(LIMIT).until(() -> withdrawals(trainer, search) > 0);
            long before = withdrawals(trainer, search);
            trainer.send(Topics.RANKINGS, search.id(), Messages.encode(told.getFirst()));
            await().atMost(LIMIT).until(() -> withdrawals(trainer, search) > before);
        }
    }

    private static long withdrawals(Trainer trainer, Search search) {
        return trainer.withdrawals().stream()
                .filter(withdrawn -> withdrawn.experimentId().equals(search.id()))
                .count();
    }

    @Test
    void lists_experiments_newest_first_and_page_by_page() {
        Search older = new Search(experiments, trials, TWO_STAGES);
        Search newer = new Search(experiments, trials, TWO_STAGES);
        try {
            var first = reports.list(ExperimentState.RUNNING, 1, null);
            assertThat(first.experiments()).extracting(one -> one.id()).containsExactly(newer.id());
            var second = reports.list(ExperimentState.RUNNING, 1, first.nextPageToken());
            assertThat(second.experiments()).extracting(one -> one.id()).containsExactly(older.id());
            assertThatThrownBy(() -> reports.list(null, 1, "nonsense")).isInstanceOf(PnasException.class);
        } finally {
            experiments.cancel(older.id());
            experiments.cancel(newer.id());
        }
    }

    private static RankingAnswer failed(Request request, ErrorCode code) {
        return new RankingAnswer.Failed(
                1, request.header().requestId(), request.header().experimentId(), code, "as the test wants it");
    }

    private static RankingAnswer withBest(Request request, RankingAnswer.Scored scored) {
        return new RankingAnswer.Ranked(
                1,
                request.header().requestId(),
                request.header().experimentId(),
                request.candidates().size(),
                List.of(scored, scored),
                new RankingAnswer.Histogram(0, 1, List.of(1)),
                null,
                0.1);
    }

    private static TrialSummary best(List<TrialSummary> trials) {
        return trials.stream()
                .min(Comparator.comparingDouble((TrialSummary trial) -> -accuracy(trial))
                        .thenComparing(trial -> trial.cell().text()))
                .orElseThrow();
    }

    private static double accuracy(TrialSummary trial) {
        return trial.accuracy() == null ? -1 : trial.accuracy();
    }
}
