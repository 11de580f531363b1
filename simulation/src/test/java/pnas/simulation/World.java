package pnas.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Virtual time, chance, and the faults that are planned. Nothing here runs at once: one thing after the other is done at its time. */
final class World {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    final Random chance;
    final Coverage coverage = new Coverage();
    private final Map<Fault.Point, Integer> met = new EnumMap<>(Fault.Point.class);
    private final Plan plan;
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
    private final List<String> trace = new ArrayList<>();
    private final boolean told;
    private long now;
    private long number;
    private int excuses;
    private @Nullable Actor running;

    /** Thrown where a rule of the platform is broken, or something that must happen does not. */
    static final class Broken extends RuntimeException {
        Broken(String message) {
            super(message);
        }
    }

    private record Due(long at, long number, Runnable what) {}

    /** @param told whether what happens is told */
    World(Plan plan, boolean told) {
        this.plan = plan;
        this.told = told;
        this.chance = new Random(plan.seed());
    }

    /** Milliseconds since the beginning. */
    long now() {
        return now;
    }

    Instant instant() {
        return BEGIN.plusMillis(now);
    }

    /** Uniform, both ends included. */
    int between(int least, int most) {
        return least + chance.nextInt(most - least + 1);
    }

    boolean oneIn(int times) {
        return chance.nextInt(times) == 0;
    }

    void after(long milliseconds, Runnable what) {
        due.add(new Due(now + Math.max(0, milliseconds), number++, what));
    }

    /** Does the next thing; false where nothing is left to do. */
    boolean step() {
        Due next = due.poll();
        if (next == null) {
            return false;
        }
        now = next.at();
        next.what().run();
        return true;
    }

    /** Something happens at which faults may be planned: those that strike now. */
    Set<Fault> strike(Fault.Point point) {
        int nth = met.merge(point, 1, Integer::sum);
        Set<Fault> struck = EnumSet.noneOf(Fault.class);
        for (Plan.Planned planned : plan.faults()) {
            if (planned.fault().point() == point && planned.nth() == nth) {
                struck.add(planned.fault());
                excuses += planned.fault().excuses() ? 1 : 0;
                coverage.struck(planned.fault());
                tell(planned.fault() + " strikes");
            }
        }
        return struck;
    }

    /** How many faults have struck that a request for a ranking may be sent again for. */
    int excuses() {
        return excuses;
    }

    boolean strikes(Fault fault) {
        return strike(fault.point()).contains(fault);
    }

    /** Who does what is done now. */
    Actor running() {
        return Objects.requireNonNull(running);
    }

    /** For a person who reads what led to a failure. */
    void tell(Supplier<String> what) {
        if (told) {
            trace.add("%,9.3f s  %s".formatted(now / 1000.0, what.get()));
        }
    }

    void tell(String what) {
        tell(() -> what);
    }

    List<String> trace() {
        return trace;
    }

    @SuppressWarnings("AnnotateFormatMethod") // Its annotation is not on the class path of this module.
    static Broken broken(String format, @Nullable Object... arguments) {
        return new Broken(format.formatted(arguments));
    }

    /** Something that runs, waits, and may die with its process. */
    final class Actor {
        private final Node node;
        private final Coroutine coroutine;
        private boolean dead;
        private boolean waiting;
        private boolean pausing;
        private boolean woken;
        private long wait;

        private Actor(Node node, Consumer<Actor> body) {
            this.node = node;
            this.coroutine = new Coroutine(() -> body.accept(this));
        }

        Node node() {
            return node;
        }

        boolean isDead() {
            return dead;
        }

        /** Waits this long, and no less. What wakes it meanwhile ends the next {@link #park}. */
        void pause(long milliseconds) {
            pausing = true;
            leave(milliseconds);
            pausing = false;
        }

        /** Waits until {@link #wake}, at most this long. */
        void park(long most) {
            long longest = woken ? 0 : most;
            woken = false;
            leave(longest);
        }

        private void leave(long milliseconds) {
            waiting = true;
            long mine = ++wait;
            after(milliseconds, () -> goOn(mine));
            Coroutine.leave();
        }

        /** Ends its waiting, if it waits. */
        void wake() {
            if (pausing) {
                woken = true;
                return;
            }
            long mine = wait;
            after(0, () -> goOn(mine));
        }

        private void goOn(long waited) {
            if (dead || !waiting || waited != wait) {
                return;
            }
            if (now < node.frozenUntil) {
                after(node.frozenUntil - now, () -> goOn(waited));
                return;
            }
            waiting = false;
            running = this;
            coroutine.run();
        }
    }

    /** A process: actors that live and die together. */
    final class Node {
        final String name;
        private final List<Actor> actors = new ArrayList<>();
        private final List<Runnable> onDeath = new ArrayList<>();
        private boolean alive = true;
        private boolean mortal = true;
        private long frozenUntil;

        Node(String name) {
            this.name = name;
        }

        /** Stands for people, who outlive what they use. */
        void cannotDie() {
            mortal = false;
        }

        boolean isMortal() {
            return mortal;
        }

        boolean isAlive() {
            return alive;
        }

        /** Starts an actor; it begins a little later. */
        Actor start(Consumer<Actor> body) {
            Actor actor = new Actor(this, body);
            actors.add(actor);
            actor.waiting = true;
            long mine = actor.wait;
            after(between(0, 5), () -> actor.goOn(mine));
            return actor;
        }

        void onDeath(Runnable what) {
            onDeath.add(what);
        }

        /** All that runs in it is over, wherever it was. */
        void die() {
            if (alive) {
                tell(name + " dies");
                alive = false;
                actors.forEach(actor -> actor.dead = true);
                onDeath.forEach(Runnable::run);
            }
        }

        /** Nothing runs in it for so long; then all goes on as if nothing had been. */
        void freeze(long milliseconds) {
            tell(name + " freezes for " + milliseconds / 1000 + " s");
            frozenUntil = Math.max(frozenUntil, now + milliseconds);
        }

        /** Has something done in this process, if it lives then and as soon as it is not frozen. */
        void later(long milliseconds, Runnable what) {
            after(milliseconds, () -> {
                if (alive && now < frozenUntil) {
                    later(frozenUntil - now, what);
                } else if (alive) {
                    what.run();
                }
            });
        }
    }
}
