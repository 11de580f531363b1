package pnas.trainer.intake;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pnas.decision.Decides;
import pnas.message.TrainerEvent;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Machine;

/**
 * A trainer as a whole: what it tells of itself, and when it ends by itself. A function of nothing but what it is given, as {@link SlotLife} is. Instants are times since
 * it began.
 *
 * @param host name of its machine
 * @param idleExit after how long without a training, or without the means to do one, it ends; never where absent
 * @param telling whether what it told last is still on its way to the broker
 * @param heard whether the broker has ever taken what it told
 * @param openedAt when it told for the first time what it trains with, absent before
 * @param unableSince since when none of its slots can take a job, absent where one can
 * @param leaving whether somebody asked it to leave: then it ends for no reason of its own
 */
@Decides
public record TrainerLife(
        String worker,
        String engine,
        String host,
        @Nullable Duration idleExit,
        boolean telling,
        boolean heard,
        @Nullable Duration openedAt,
        @Nullable Duration unableSince,
        boolean leaving) {

    /** What is to be done, not waited for. */
    public sealed interface Effect {
        /** Tells both of the worker; {@link #told} once that is over. */
        record Tell(TrainerEvent.Announced announced, TrainerEvent.Alive alive) implements Effect {}

        /**
         * Asks the trainer to leave and to end, with status 0 where it only had nothing to do.
         *
         * @param failed whether it could not do its work
         * @param cause for a person
         */
        record End(boolean failed, String cause) implements Effect {
            /** What the process ends with. */
            int status() {
                return failed ? 1 : 0;
            }
        }
    }

    /** What follows. */
    public record Turn(TrainerLife life, List<Effect> effects) {
        public Turn {
            effects = List.copyOf(effects);
        }
    }

    /** A trainer that has not begun. */
    public static TrainerLife of(String worker, String engine, String host, @Nullable Duration idleExit) {
        return new TrainerLife(
                worker,
                engine,
                host,
                idleExit,
                /* telling= */ false,
                /* heard= */ false,
                null,
                null,
                /* leaving= */ false);
    }

    /** What it is once somebody has asked it to leave: the process is ending already, with a status that is not its own. */
    public TrainerLife leave() {
        return new TrainerLife(
                worker, engine, host, idleExit, telling, heard, openedAt, unableSince, /* leaving= */ true);
    }

    /** What follows once the first slot can train. */
    public Turn opened(List<SlotLife> slots, Duration now) {
        TrainerLife opened = new TrainerLife(worker, engine, host, idleExit, telling, heard, now, unableSince, leaving);
        return opened.tell(slots, null, List.of());
    }

    /** What follows once the broker has taken what was told, or has not. */
    public TrainerLife told(boolean taken) {
        return new TrainerLife(
                worker, engine, host, idleExit, /* telling= */ false, heard || taken, openedAt, unableSince, leaving);
    }

    /**
     * What follows when it is time for a sign of life; each slot has its own.
     *
     * @param loss the defect that ended a slot, absent where none did
     */
    public Turn beat(List<SlotLife> slots, @Nullable String loss, Duration now) {
        if (loss != null && !leaving) {
            // It is started again by those who started it, with all its slots.
            return new Turn(this, List.of(new Effect.End(/* failed= */ true, loss)));
        }
        String obstacle = able(slots) > 0 ? null : obstacle(slots).orElse(null);
        if (obstacle == null) {
            TrainerLife able = unable(null);
            List<Effect> ends = able.endOfIdleness(slots, now);
            return machine(slots).isPresent() ? able.tell(slots, null, ends) : new Turn(able, ends);
        }
        TrainerLife unable = unable(unableSince == null ? now : unableSince);
        return unable.tell(
                slots, obstacle, unable.endBeyond(now.minus(Objects.requireNonNull(unable.unableSince)), obstacle));
    }

    /** How many slots can take jobs, once their processes are up. */
    static int able(List<SlotLife> slots) {
        return (int) slots.stream().filter(slot -> slot.obstacle() == null).count();
    }

    /** Why a slot cannot take jobs, where that is known. */
    static Optional<String> obstacle(List<SlotLife> slots) {
        return slots.stream()
                .flatMap(slot -> Optional.ofNullable(slot.obstacle()).stream())
                .findFirst();
    }

    /** Ids of the trials that are held. */
    static List<String> trials(List<SlotLife> slots) {
        return slots.stream()
                .flatMap(slot -> Optional.ofNullable(slot.holds()).stream())
                .map(AttemptRef::trialId)
                .sorted()
                .toList();
    }

    /** What the first slot trains with, once it can. */
    private static Optional<Machine> machine(List<SlotLife> slots) {
        return Optional.ofNullable(slots.getFirst().machine());
    }

    /** How long no slot has trained; nothing where one does. */
    private static Duration idle(List<SlotLife> slots, Duration now) {
        Duration least = now;
        for (SlotLife slot : slots) {
            Duration since = slot.idleSince();
            least = least(least, since == null ? Duration.ZERO : now.minus(since));
        }
        return least;
    }

    private Turn tell(List<SlotLife> slots, @Nullable String obstacle, List<Effect> ends) {
        if (telling) {
            // The broker is away: what waits already says the same.
            return new Turn(this, ends);
        }
        Machine trainsWith = machine(slots).orElseGet(() -> new Machine(engine, "not opened", "not opened"));
        Effect tell = new Effect.Tell(
                new TrainerEvent.Announced(
                        TrainerEvent.SCHEMA_VERSION, worker, trainsWith, Math.max(1, able(slots)), host, obstacle),
                new TrainerEvent.Alive(TrainerEvent.SCHEMA_VERSION, worker, trials(slots)));
        TrainerLife told = new TrainerLife(
                worker, engine, host, idleExit, /* telling= */ true, heard, openedAt, unableSince, leaving);
        return new Turn(told, ends.isEmpty() ? List.of(tell) : List.of(tell, ends.getFirst()));
    }

    /** A trainer that has not opened its engine yet has not been idle. */
    private List<Effect> endOfIdleness(List<SlotLife> slots, Duration now) {
        if (openedAt == null || leaving) {
            return List.of();
        }
        Duration idle = least(idle(slots, now), now.minus(openedAt));
        if (!heard) {
            return endBeyond(idle, "the broker has taken nothing that this trainer told, its log says why");
        }
        return idleExit != null && idle.compareTo(idleExit) > 0
                ? List.of(
                        new Effect.End(/* failed= */ false, "nothing to train for " + idleExit + ": the trainer ends"))
                : List.of();
    }

    /** A trainer that could not train for as long as it may be idle would hold its device for nothing. */
    private List<Effect> endBeyond(Duration tried, String obstacle) {
        return idleExit != null && !leaving && tried.compareTo(idleExit) > 0
                ? List.of(new Effect.End(/* failed= */ true, obstacle))
                : List.of();
    }

    private TrainerLife unable(@Nullable Duration since) {
        return new TrainerLife(worker, engine, host, idleExit, telling, heard, openedAt, since, leaving);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
