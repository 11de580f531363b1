package pnas.trainer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.message.TrainerEvent;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Machine;
import pnas.trainer.Jobs;
import pnas.trainer.intake.SlotLife.Standing;
import pnas.trainer.intake.TrainerLife.Effect;
import pnas.trainer.intake.TrainerLife.Turn;

/** What a trainer tells of itself, and when it ends by itself. */
class TrainerLifeTest {
    private static final Machine MACHINE = new Machine("replay", "1", "none");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration NOW = Duration.ofSeconds(100);

    private static TrainerLife trainer(boolean telling, boolean heard, @Nullable Integer opened) {
        return new TrainerLife(
                "worker",
                "replay",
                "host",
                LIMIT,
                telling,
                heard,
                opened == null ? null : seconds(opened),
                null,
                false);
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static SlotLife free(int since) {
        return slot(new Standing.Free(seconds(since)), null);
    }

    private static SlotLife unable() {
        return new SlotLife("worker", new Standing.Free(Duration.ZERO), null, false, "no driver", null);
    }

    private static SlotLife training(String trial) {
        return slot(
                new Standing.Training(
                        Jobs.oracle(trial, 0),
                        new AttemptRef(trial, 1, "worker", new UUID(0, 1)),
                        seconds(20),
                        0,
                        0,
                        false,
                        null),
                null);
    }

    private static SlotLife slot(Standing standing, @Nullable String unserved) {
        return new SlotLife("worker", standing, MACHINE, false, null, unserved);
    }

    @Test
    void tells_what_its_slots_do() {
        Turn turn = trainer(false, true, 1).beat(List.of(training("b"), training("a"), free(90)), null, NOW);

        assertThat(turn.effects())
                .containsExactly(new Effect.Tell(
                        new TrainerEvent.Announced(1, "worker", MACHINE, 3, "host", null),
                        new TrainerEvent.Alive(1, "worker", List.of("a", "b"))));
        assertThat(turn.life().telling()).isTrue();
    }

    @Test
    void announces_itself_as_soon_as_it_can_train() {
        Turn turn = trainer(false, false, null).opened(List.of(free(0)), seconds(7));

        assertThat(turn.effects()).hasSize(1).first().isInstanceOf(Effect.Tell.class);
        assertThat(turn.life().openedAt()).isEqualTo(seconds(7));
    }

    @Test
    void says_nothing_more_while_the_broker_has_not_taken_what_it_said() {
        assertThat(trainer(true, true, 1)
                        .beat(List.of(training("a")), null, NOW)
                        .effects())
                .isEmpty();
        assertThat(trainer(true, true, 1)
                        .told(false)
                        .beat(List.of(training("a")), null, NOW)
                        .effects())
                .hasSize(1);
    }

    @Test
    void counts_the_slots_that_can_take_jobs_and_names_an_obstacle_only_where_none_can() {
        assertThat(announced(List.of(free(90), unable())).slots()).isEqualTo(1);
        assertThat(announced(List.of(free(90), unable())).obstacle()).isNull();
        assertThat(announced(List.of(unable(), unable())).obstacle()).isEqualTo("no driver");
        assertThat(announced(List.of(unable(), unable())).machine())
                .isEqualTo(new Machine("replay", "not opened", "not opened"));
    }

    private static TrainerEvent.Announced announced(List<SlotLife> slots) {
        return ((Effect.Tell) trainer(false, true, null)
                        .beat(slots, null, NOW)
                        .effects()
                        .getFirst())
                .announced();
    }

    /** Each way in which it ends by itself, the status of its process, and what a person is told. */
    @ParameterizedTest
    @CsvSource({
        "idle, 0, nothing to train for PT1M: the trainer ends",
        "never heard, 1, 'the broker has taken nothing that this trainer told, its log says why'",
        "no driver, 1, no driver",
        "a slot is lost, 1, a slot of this trainer is lost",
    })
    void ends_with_a_status_that_says_whether_it_did_its_work(String way, int status, String cause) {
        assertThat(ends(TrainerLifeTest::itself, way)).singleElement().satisfies(end -> {
            assertThat(end.status()).isEqualTo(status);
            assertThat(end.cause()).isEqualTo(cause);
        });
        // The process ends already, as it was asked to.
        assertThat(ends(TrainerLife::leave, way)).isEmpty();
    }

    private static TrainerLife itself(TrainerLife life) {
        return life;
    }

    /** Why a trainer ends to which this has happened for long. */
    private static List<Effect.End> ends(UnaryOperator<TrainerLife> before, String way) {
        boolean able = !way.equals("no driver");
        List<SlotLife> slots = List.of(able ? free(1) : unable());
        TrainerLife life = before.apply(trainer(false, !way.equals("never heard"), able ? 1 : null));
        TrainerLife later = life.beat(slots, null, seconds(2)).life();
        return later
                .beat(slots, way.equals("a slot is lost") ? "a slot of this trainer is lost" : null, NOW)
                .effects()
                .stream()
                .filter(Effect.End.class::isInstance)
                .map(Effect.End.class::cast)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "heard, 1, 40, false", // for 60 s
        "heard, 1, 39, true",
        "heard, 41, 1, false", // opened 59 s ago
        "heard, , 1, false", // not opened
        "unheard, 1, 39, true",
        "unheard, 1, 41, false",
    })
    void ends_where_it_had_nothing_to_do_for_long(String heard, @Nullable Integer opened, int since, boolean ends) {
        Turn turn = trainer(false, heard.equals("heard"), opened).beat(List.of(free(since), free(2)), null, NOW);

        assertThat(turn.effects().stream().anyMatch(Effect.End.class::isInstance))
                .isEqualTo(ends);
        turn.effects().stream()
                .filter(Effect.End.class::isInstance)
                .forEach(end -> assertThat(((Effect.End) end).failed()).isEqualTo(!heard.equals("heard")));
    }

    @Test
    void does_not_end_while_one_slot_trains() {
        assertThat(trainer(false, true, 1)
                        .beat(List.of(free(2), training("a")), null, NOW)
                        .effects())
                .hasSize(1);
    }

    @Test
    void ends_as_one_that_failed_where_it_could_not_train_for_long() {
        Turn first = trainer(false, true, null).beat(List.of(unable()), null, NOW);
        assertThat(first.effects()).hasSize(1);

        TrainerLife told = first.life().told(true);
        assertThat(told.beat(List.of(unable()), null, NOW.plus(LIMIT)).effects())
                .hasSize(1);
        assertThat(told.beat(List.of(unable()), null, NOW.plus(LIMIT).plusSeconds(1))
                        .effects())
                .contains(new Effect.End(/* failed= */ true, "no driver"));
        // It could, for a moment.
        TrainerLife able = told.beat(List.of(free(0)), null, NOW.plus(LIMIT)).life();
        assertThat(able.beat(List.of(unable()), null, NOW.plus(LIMIT).plusSeconds(1))
                        .effects())
                .noneMatch(Effect.End.class::isInstance);
    }

    @Test
    void ends_at_once_where_a_slot_was_lost_to_a_defect() {
        assertThat(trainer(false, true, 1)
                        .beat(List.of(free(99)), "a slot is lost", NOW)
                        .effects())
                .containsExactly(new Effect.End(/* failed= */ true, "a slot is lost"));
    }

    @Test
    void never_ends_by_itself_where_no_limit_is_set() {
        TrainerLife life = TrainerLife.of("worker", "replay", "host", null);
        assertThat(life.beat(List.of(unable()), null, Duration.ofDays(3))
                        .life()
                        .told(false)
                        .beat(List.of(unable()), null, Duration.ofDays(9))
                        .effects())
                .hasSize(1);
    }
}
