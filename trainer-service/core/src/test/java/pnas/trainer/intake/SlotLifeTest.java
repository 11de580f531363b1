package pnas.trainer.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pnas.message.TrainerCommand;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Claimed;
import pnas.message.TrainingProgress.Ended;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.trainer.Jobs;
import pnas.trainer.intake.SlotLife.Acknowledgement;
import pnas.trainer.intake.SlotLife.Effect;
import pnas.trainer.intake.SlotLife.Event;
import pnas.trainer.intake.SlotLife.Standing;
import pnas.trainer.intake.SlotLife.Step;
import pnas.trainer.intake.SlotLife.Turn;
import pnas.trainer.training.FinishedEpoch;
import pnas.trainer.training.TrainingTask.StopReason;

/** What follows from each event at each standing of a slot: {@code slot-life.txt} is the table. */
class SlotLifeTest {
    private static final Duration NOW = Duration.ofSeconds(30);
    private static final Duration EARLIER = Duration.ofSeconds(10);
    private static final TrainingJob JOB = Jobs.oracle("trial", 0);
    private static final UUID TOKEN = new UUID(0, 1);
    private static final AttemptRef ATTEMPT = new AttemptRef("trial", 1, "worker", TOKEN);
    private static final AttemptRef OTHER = new AttemptRef("trial", 1, "worker", new UUID(0, 2));
    private static final Machine MACHINE = new Machine("replay", "1", "none");
    private static final Outcome TRAINED = new Outcome.Trained(0.5, MACHINE, /* replayed= */ false);
    private static final Map<String, Event> EVENTS = new LinkedHashMap<>();

    static {
        EVENTS.put("began", new Event.Began());
        EVENTS.put("opened", new Event.Opened(MACHINE));
        EVENTS.put("not opened", new Event.NotOpened("no driver"));
        EVENTS.put("no job", new Event.NoJob(null));
        EVENTS.put("no job, the broker says why", new Event.NoJob("not authorised"));
        EVENTS.put("delivered", new Event.Delivered(JOB, TOKEN));
        EVENTS.put("unreadable", new Event.Unreadable());
        EVENTS.put("claim sent", new Event.ClaimSent());
        EVENTS.put("claim not sent", new Event.ClaimNotSent());
        EVENTS.put("answered", new Event.Answered());
        EVENTS.put("trained", new Event.TrainingEnded(TRAINED));
        EVENTS.put("cancelled", new Event.TrainingEnded(new Outcome.Cancelled()));
        EVENTS.put("end sent", new Event.EndSent());
        EVENTS.put("end not sent", new Event.EndNotSent());
        EVENTS.put("rested", new Event.Rested());
        EVENTS.put("removed", new Event.Removed());
        EVENTS.put("beat", new Event.Beat());
        EVENTS.put("beaten", new Event.Beaten(TOKEN));
        EVENTS.put("beaten, another token", new Event.Beaten(OTHER.token()));
        EVENTS.put("stepped", new Event.Stepped(8, 1));
        EVENTS.put("epoch", new Event.EpochEnded(new FinishedEpoch(2, 0.5, 0.5, 1)));
        EVENTS.put("stop", new Event.Stop(new TrainerCommand.Stop(1, ATTEMPT, "over")));
        EVENTS.put("stop, another token", new Event.Stop(new TrainerCommand.Stop(1, OTHER, "over")));
        EVENTS.put("leave", new Event.Leave());
    }

    private static SlotLife at(String standing) {
        boolean leaving = standing.equals("LEAVING") || standing.equals("GIVING");
        return new SlotLife("worker", standing(standing), null, leaving, null, null);
    }

    private static Standing standing(String name) {
        return switch (name) {
            case "FREE", "LEAVING" -> new Standing.Free(EARLIER);
            case "CLAIMING" -> new Standing.Claiming(JOB, ATTEMPT, EARLIER, null);
            case "DOOMED" -> new Standing.Claiming(JOB, ATTEMPT, EARLIER, StopReason.CANCEL);
            case "TRAINING" -> training(/* beating= */ false, null);
            case "STOPPING" -> training(/* beating= */ false, StopReason.CANCEL);
            case "BEATING" -> training(/* beating= */ true, null);
            case "TELLING" -> new Standing.Telling(new Ended(1, ATTEMPT, TRAINED, 20), EARLIER);
            case "GIVING" -> new Standing.Telling(new Ended(1, ATTEMPT, new Outcome.Released(0), 20), EARLIER);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Standing training(boolean beating, @Nullable StopReason stop) {
        return new Standing.Training(JOB, ATTEMPT, EARLIER, 7, 1, beating, stop);
    }

    /** A standing in a line of the table. */
    record Case(String event, String standing, String follows) {}

    static Stream<Case> table() throws IOException {
        List<Case> cases = new ArrayList<>();
        String event = "";
        try (InputStream table = Objects.requireNonNull(SlotLifeTest.class.getResourceAsStream("slot-life.txt"))) {
            for (String line : new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList()) {
                if (line.startsWith(" ")) {
                    String[] parts = line.split("->", 2);
                    for (String standing : parts[0].strip().split(" ", -1)) {
                        cases.add(new Case(event, standing, parts[1].strip()));
                    }
                } else {
                    event = line;
                }
            }
        }
        return cases.stream();
    }

    @Test
    void the_table_has_every_event() throws IOException {
        assertThat(table().map(Case::event).collect(Collectors.toSet())).isEqualTo(EVENTS.keySet());
    }

    @ParameterizedTest
    @MethodSource("table")
    void follows(Case one) {
        SlotLife life = at(one.standing());
        Event event = Objects.requireNonNull(EVENTS.get(one.event()));
        if (one.follows().equals("refused")) {
            assertThatIllegalStateException().isThrownBy(() -> life.hear(event, NOW));
            return;
        }
        assertThat(said(life, life.hear(event, NOW))).isEqualTo(one.follows());
    }

    // ---- what the table says

    private static String said(SlotLife before, Turn turn) {
        List<String> words = new ArrayList<>(changes(before, turn.life()));
        turn.effects().forEach(effect -> words.add(said(effect)));
        if (turn.next() != null) {
            words.add("> " + said(turn.next()));
        }
        return words.isEmpty() ? "-" : String.join(" ", words);
    }

    private static List<String> changes(SlotLife before, SlotLife after) {
        List<String> words = new ArrayList<>();
        if (!name(before).equals(name(after))) {
            words.add(name(after));
        } else if (before.leaving() != after.leaving()) {
            words.add("leaving");
        }
        if (before.standing() instanceof Standing.Training was && after.standing() instanceof Standing.Training is) {
            if (was.step() != is.step() || was.epoch() != is.epoch()) {
                words.add("at " + is.step() + " in epoch " + is.epoch());
            }
        }
        if (!Objects.equals(before.machine(), after.machine())) {
            words.add("machine");
        }
        if (!Objects.equals(before.unopened(), after.unopened())) {
            words.add("unopened");
        }
        if (!Objects.equals(before.unserved(), after.unserved())) {
            words.add("unserved");
        }
        return words;
    }

    private static String name(SlotLife life) {
        return switch (life.standing()) {
            case Standing.Free _ -> life.leaving() ? "LEAVING" : "FREE";
            case Standing.Claiming claiming -> claiming.stop() == StopReason.CANCEL ? "DOOMED" : "CLAIMING";
            case Standing.Training training -> {
                if (training.stop() == StopReason.CANCEL) {
                    yield "STOPPING";
                }
                yield training.beating() ? "BEATING" : "TRAINING";
            }
            case Standing.Telling _ -> "TELLING";
        };
    }

    private static String said(Effect effect) {
        return switch (effect) {
            case Effect.SendHeartbeat(var heartbeat) ->
                "heartbeat " + heartbeat.step() + " in epoch " + heartbeat.epoch();
            case Effect.SendEpoch(var epoch) -> "epoch " + epoch.epoch();
            case Effect.StopTraining(StopReason reason) -> "stop " + reason;
            case Effect.Count(Ended ended) -> "count " + TrainerMetrics.name(ended.outcome());
        };
    }

    private static String said(Step step) {
        return switch (step) {
            case Step.Open() -> "open";
            case Step.Take() -> "take";
            case Step.Claim(Claimed claim) -> claim.attempt().equals(ATTEMPT) ? "claim" : claim.toString();
            case Step.Answer(Acknowledgement acknowledgement) -> acknowledgement.name();
            case Step.Train(TrainingJob _) -> "train";
            case Step.Tell(Ended ended) -> "tell " + TrainerMetrics.name(ended.outcome());
            case Step.RemoveCheckpoints(String _) -> "remove checkpoints";
            case Step.Rest(Duration most, boolean untilLeaving) ->
                "rest " + most.toSeconds() + " s" + (untilLeaving ? " or until it leaves" : "");
            case Step.Close() -> "close";
        };
    }

    // ---- what holds of several together

    @Test
    void a_training_lasts_from_its_claim_to_its_end() {
        SlotLife life = at("CLAIMING")
                .hear(new Event.ClaimSent(), Duration.ofSeconds(40))
                .life();
        assertThat(life.idleSince()).isNull();
        assertThat(life.holds()).isEqualTo(ATTEMPT);

        SlotLife ended = life.hear(new Event.TrainingEnded(TRAINED), Duration.ofSeconds(65))
                .life();
        assertThat(ended.standing())
                .isEqualTo(new Standing.Telling(new Ended(1, ATTEMPT, TRAINED, 25), Duration.ofSeconds(65)));
        assertThat(ended.idleSince()).isEqualTo(Duration.ofSeconds(65));
        assertThat(ended.holds()).isNull();
    }

    @Test
    void a_trainer_that_was_frozen_beyond_its_lease_goes_on_until_it_is_told_to_stop() {
        SlotLife thawed = at("BEATING");
        Duration later = Duration.ofHours(5);
        thawed = thawed.hear(new Event.Beaten(TOKEN), later).life();
        Turn beat = thawed.hear(new Event.Beat(), later);
        assertThat(beat.effects()).hasSize(1);

        Turn stopped =
                beat.life().hear(new Event.Stop(new TrainerCommand.Stop(1, ATTEMPT, "another has the lease")), later);
        assertThat(stopped.effects()).containsExactly(new Effect.StopTraining(StopReason.CANCEL));
        Turn over = stopped.life().hear(new Event.TrainingEnded(new Outcome.Cancelled()), later);
        assertThat(over.next()).isInstanceOf(Step.Tell.class);
    }

    /** Jobs, answers of the broker, outcomes, heartbeats, commands and a request to leave, in any order that a thread of a slot allows. */
    @RepeatedTest(50)
    void no_record_is_accepted_whose_claim_the_broker_may_lack(RepetitionInfo schedule) {
        Random random = new Random(schedule.getCurrentRepetition());
        SlotLife life = SlotLife.of("worker", Duration.ZERO);
        Turn turn = life.hear(new Event.Began(), Duration.ZERO);
        UUID claimed = null;
        int told = 0;
        int trained = 0;
        for (int second = 1; second < 500 && !(turn.next() instanceof Step.Close); second++) {
            Duration now = Duration.ofSeconds(second);
            for (int more = random.nextInt(3); more > 0; more--) {
                Turn aside = turn.life().hear(aside(turn.life(), random), now);
                assertThat(aside.next()).isNull();
                turn = new Turn(aside.life(), List.of(), turn.next());
            }
            Event event = end(Objects.requireNonNull(turn.next()), random);
            if (event instanceof Event.Opened) {
                claimed = null;
            } else if (event instanceof Event.ClaimSent) {
                claimed = ((Standing.Claiming) turn.life().standing()).attempt().token();
            }
            trained += event instanceof Event.TrainingEnded ? 1 : 0;
            told += event instanceof Event.EndSent ? 1 : 0;
            turn = turn.life().hear(event, now);
            AttemptRef held = turn.life().holds();
            if (turn.next() instanceof Step.Answer(Acknowledgement acknowledgement)) {
                assertThat(acknowledgement == Acknowledgement.ACCEPT).isEqualTo(claimed != null);
            }
            if (held != null) {
                assertThat(held.token()).isEqualTo(claimed);
            }
        }
        assertThat(turn.next()).isInstanceOf(Step.Close.class);
        assertThat(told).isEqualTo(trained);
    }

    private static Event aside(SlotLife life, Random random) {
        return switch (random.nextInt(40)) {
            case 0 -> new Event.Leave();
            case 1, 2 ->
                new Event.Stop(new TrainerCommand.Stop(
                        1, life.holds() == null ? OTHER : Objects.requireNonNull(life.holds()), "over"));
            case 3, 4, 5 -> new Event.Stepped(random.nextInt(100), 1);
            default -> new Event.Beat();
        };
    }

    private static Event end(Step step, Random random) {
        boolean well = random.nextInt(4) > 0;
        return switch (step) {
            case Step.Open() -> well ? new Event.Opened(MACHINE) : new Event.NotOpened("no driver");
            case Step.Take() ->
                switch (random.nextInt(4)) {
                    case 0 -> new Event.NoJob(null);
                    case 1 -> new Event.Unreadable();
                    default -> new Event.Delivered(JOB, new UUID(1, random.nextLong()));
                };
            case Step.Claim(Claimed _) -> well ? new Event.ClaimSent() : new Event.ClaimNotSent();
            case Step.Answer(Acknowledgement _) -> new Event.Answered();
            case Step.Train(TrainingJob _) -> new Event.TrainingEnded(well ? TRAINED : new Outcome.Crashed("signal 9"));
            case Step.Tell(Ended _) -> well ? new Event.EndSent() : new Event.EndNotSent();
            case Step.RemoveCheckpoints(String _) -> new Event.Removed();
            case Step.Rest(Duration _, boolean _) -> new Event.Rested();
            case Step.Close() -> throw new AssertionError("nothing follows");
        };
    }
}
