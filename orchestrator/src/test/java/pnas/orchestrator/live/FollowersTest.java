package pnas.orchestrator.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.orchestrator.event.Event;

class FollowersTest {
    private static final int CAPACITY = 6;
    private static final int LIMIT = 4;

    private final Log log = new Log();
    private final Followers followers = new Followers(log, CAPACITY);

    /** Events as transactions write them: an id is drawn first and seen later, in the order of ids within an experiment only. */
    private static final class Log implements Followers.Source {
        private final Map<String, Deque<KeptEvent>> unseen = new HashMap<>();
        private final Map<String, List<KeptEvent>> seen = new HashMap<>();
        private long ids;
        private int reads;

        void write(String experiment) {
            ids++;
            unseen.computeIfAbsent(experiment, id -> new ArrayDeque<>())
                    .add(new KeptEvent(ids, Instant.EPOCH, experiment, new Event.TrialCancelled()));
        }

        void commit(String experiment) {
            Deque<KeptEvent> waiting = unseen.getOrDefault(experiment, new ArrayDeque<>());
            seen.computeIfAbsent(experiment, id -> new ArrayList<>()).addAll(waiting);
            waiting.clear();
        }

        private Stream<KeptEvent> later(String experiment, long lastId) {
            return seen.getOrDefault(experiment, List.of()).stream().filter(event -> event.id() > lastId);
        }

        List<Long> idsAfter(String experiment, long lastId) {
            return later(experiment, lastId).map(KeptEvent::id).toList();
        }

        @Override
        public long latest(String experiment) {
            reads++;
            return later(experiment, 0).mapToLong(KeptEvent::id).max().orElse(0);
        }

        @Override
        public List<KeptEvent> after(String experiment, long lastId, int limit) {
            reads++;
            return later(experiment, lastId).limit(limit).toList();
        }

        @Override
        public Map<String, List<KeptEvent>> after(Map<String, Long> lastIds, int limit) {
            reads++;
            return lastIds.entrySet().stream()
                    .flatMap(each -> later(each.getKey(), each.getValue()))
                    .sorted(Comparator.comparingLong(KeptEvent::id))
                    .limit(limit)
                    .collect(Collectors.groupingBy(event -> Objects.requireNonNull(event.trial())));
        }
    }

    /** Somebody who reads, and what they have. */
    private final class Reader {
        private final String experiment;
        private final long known;
        private final List<Long> has = new ArrayList<>();
        private final Followers.Following following;
        private boolean woken;

        Reader(String experiment, long known) {
            this.experiment = experiment;
            this.known = known;
            this.following = followers.follow(experiment, known, () -> woken = true);
        }

        boolean read(int limit) {
            List<KeptEvent> batch = following.after(has.isEmpty() ? known : has.getLast(), limit);
            batch.forEach(event -> has.add(event.id()));
            return !batch.isEmpty();
        }

        void readAll() {
            boolean more;
            do {
                more = read(LIMIT);
            } while (more);
            woken = false;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void nobody_misses_an_event_or_gets_one_twice_whatever_the_order_of_commits(int seed) {
        Random random = new Random(seed);
        String[] experiments = {"a", "b", "c"};
        List<Reader> readers = new ArrayList<>();
        for (int step = 0; step < 3000; step++) {
            String experiment = experiments[random.nextInt(experiments.length)];
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> log.write(experiment);
                case 3, 4 -> log.commit(experiment);
                case 5, 6 -> followers.look(LIMIT);
                case 7 -> {
                    if (readers.size() < 12) {
                        readers.add(new Reader(experiment, random.nextLong(log.ids + 1)));
                    }
                }
                case 8 -> {
                    if (!readers.isEmpty()) {
                        readers.get(random.nextInt(readers.size())).read(1 + random.nextInt(LIMIT));
                    }
                }
                default -> {
                    if (!readers.isEmpty() && random.nextInt(4) == 0) {
                        Reader leaving = readers.remove(random.nextInt(readers.size()));
                        leaving.following.close();
                        assertThat(leaving.has)
                                .isEqualTo(log.idsAfter(leaving.experiment, leaving.known)
                                        .subList(0, leaving.has.size()));
                    }
                }
            }
        }
        lookAtAll();
        for (Reader reader : readers) {
            reader.readAll();
            assertThat(reader.has).isEqualTo(log.idsAfter(reader.experiment, reader.known));
        }
    }

    private void lookAtAll() {
        boolean more;
        do {
            more = followers.look(LIMIT);
        } while (more);
    }

    @Test
    void two_hundred_followers_cost_no_more_reads_than_one() {
        assertThat(readsFor(200)).isEqualTo(readsFor(1));
    }

    private int readsFor(int count) {
        Log counted = new Log();
        Followers many = new Followers(counted, CAPACITY);
        List<Followers.Following> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(many.follow("a", 0, () -> {}));
        }
        List<Long> last = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            counted.write("a");
            counted.commit("a");
            many.look(LIMIT);
            long known = round;
            all.forEach(each -> last.add(each.after(known, LIMIT).getLast().id()));
        }
        assertThat(last).hasSize(5 * count).endsWith(5L);
        return counted.reads;
    }

    @Test
    void asks_nothing_while_nobody_follows() {
        log.write("a");
        log.commit("a");

        assertThat(followers.look(LIMIT)).isFalse();
        assertThat(log.reads).isZero();

        Reader reader = new Reader("a", 0);
        reader.readAll();
        reader.following.close();
        int reads = log.reads;
        assertThat(followers.look(LIMIT)).isFalse();
        assertThat(log.reads).isEqualTo(reads);
    }

    @Test
    void one_that_reads_nothing_holds_a_bounded_number_of_events_and_reads_the_rest_later() {
        Reader stalled = new Reader("a", 0);
        Reader other = new Reader("a", 0);
        for (int i = 0; i < 10 * CAPACITY; i++) {
            log.write("a");
            log.commit("a");
            followers.look(LIMIT);
            other.readAll();
        }
        int reads = log.reads;

        stalled.readAll();

        assertThat(stalled.has).isEqualTo(log.idsAfter("a", 0));
        assertThat(log.reads)
                .as("what is no longer here comes from the database")
                .isGreaterThan(reads);
    }

    @Test
    void wakes_only_those_whose_experiment_has_something_new() {
        Reader a = new Reader("a", 0);
        Reader b = new Reader("b", 0);
        log.write("a");
        log.commit("a");

        followers.look(LIMIT);

        assertThat(a.woken).isTrue();
        assertThat(b.woken).isFalse();
    }
}
