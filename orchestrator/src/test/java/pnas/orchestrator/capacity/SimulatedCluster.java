package pnas.orchestrator.capacity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.capacity.Cluster.Course;
import pnas.orchestrator.capacity.Cluster.Effect;
import pnas.orchestrator.capacity.Cluster.End;
import pnas.orchestrator.capacity.Cluster.Hold;
import pnas.orchestrator.capacity.Cluster.Job;
import pnas.orchestrator.capacity.Cluster.Node;
import pnas.orchestrator.capacity.Cluster.Phase;
import pnas.orchestrator.capacity.Cluster.Pod;
import pnas.orchestrator.capacity.Cluster.Taint;
import pnas.orchestrator.trainer.Sign;

/**
 * A cluster that changes by chance, one event at a time: its API server, job controller, scheduler and kubelets, other tenants, and trainers that
 * take trainings, end them and leave when they are idle.
 */
final class SimulatedCluster {
    private static final Taint TAINT = new Taint("dedicated", "others", Effect.NO_SCHEDULE);

    /** A trainer's Job and its pod, if it has one. */
    private static final class Trainer {
        private final String engine;
        private final String revision;
        private final Instant since;
        private @Nullable String pod;
        private @Nullable Instant boundAt;
        private boolean heard;
        private boolean silent;
        private @Nullable String node;
        private Phase phase = Phase.PENDING;
        private @Nullable End end;
        private boolean busy;
        private int version;

        Trainer(String engine, String revision, Instant since) {
            this.engine = engine;
            this.revision = revision;
            this.since = since;
        }
    }

    /** A moment of the cluster as a watch shows it, with the versions by which a deletion is bound to it. */
    record View(
            Cluster cluster,
            Map<String, Integer> versions,
            Set<String> busy,
            Map<String, Sign> signs,
            Map<String, Long> trainings,
            String revision) {}

    private final RandomGenerator random;
    private final List<String> engines;
    private final List<Node> nodes = new ArrayList<>();
    /** Nodes that nobody sees now; their pods stay. */
    private final List<Node> gone = new ArrayList<>();

    private final Map<String, String> others = new TreeMap<>();
    private final Map<String, Trainer> trainers = new TreeMap<>();
    private final Map<String, Long> waiting = new HashMap<>();
    private int made;
    private int revision;
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    SimulatedCluster(RandomGenerator random, List<String> engines) {
        this.random = random;
        this.engines = engines;
        for (int each = random.nextInt(6); each > 0; each--) {
            nodes.add(new Node(
                    "node-" + each,
                    chance(0.8),
                    chance(0.2),
                    Map.of("gpu", chance(0.8) ? "new" : "old"),
                    chance(0.2) ? List.of(TAINT) : List.of(),
                    ScalingTest.gpus(random.nextInt(5))));
        }
        engines.forEach(engine -> waiting.put(engine, (long) random.nextInt(20)));
    }

    Instant now() {
        return now;
    }

    /** What all nodes have, whatever their state. */
    long gpus() {
        return Stream.concat(nodes.stream(), gone.stream())
                        .mapToLong(Node::allocatable)
                        .sum()
                / Wording.ONE;
    }

    long openJobs() {
        return trainers.values().stream().filter(trainer -> trainer.end == null).count();
    }

    View view() {
        List<Pod> pods = new ArrayList<>();
        others.forEach((name, node) -> pods.add(ScalingTest.other(name, node, 1)));
        trainers.forEach((job, trainer) -> {
            if (trainer.pod != null) {
                pods.add(new Pod(
                        trainer.pod,
                        trainer.node,
                        trainer.phase,
                        ScalingTest.gpus(1),
                        job,
                        trainer.engine,
                        null,
                        new Course(trainer.boundAt, false, null, null)));
            }
        });
        List<Job> jobs = trainers.entrySet().stream()
                .map(job -> new Job(
                        job.getKey(),
                        job.getValue().engine,
                        job.getValue().revision,
                        new Hold(job.getValue().since, false, null),
                        null,
                        job.getValue().end))
                .toList();
        Map<String, Long> trainings = engines.stream()
                .collect(Collectors.toMap(
                        engine -> engine,
                        engine -> waiting.getOrDefault(engine, 0L)
                                + trainers.values().stream()
                                        .filter(trainer -> trainer.busy && trainer.engine.equals(engine))
                                        .count()));
        return new View(
                new Cluster(Optional.of(nodes), pods, List.of(), jobs),
                trainers.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, job -> job.getValue().version)),
                trainers.values().stream()
                        .filter(trainer -> trainer.busy)
                        .map(trainer -> String.valueOf(trainer.pod))
                        .collect(Collectors.toSet()),
                trainers.values().stream()
                        .filter(trainer -> trainer.heard)
                        .collect(Collectors.toMap(
                                trainer -> String.valueOf(trainer.pod),
                                trainer -> new Sign(now, false, true, trainer.silent))),
                trainings,
                revision());
    }

    private String revision() {
        return "template-" + revision;
    }

    /** Creates a Job; refused where one of that name is there. */
    boolean create(String name, String engine, String revisionOfIt) {
        return trainers.putIfAbsent(name, new Trainer(engine, revisionOfIt, now)) == null;
    }

    /** Deletes a Job and its pod; refused where it changed since it was seen. Returns whether it trained. */
    boolean delete(String name, int version) {
        Trainer trainer = trainers.get(name);
        if (trainer == null || trainer.version != version) {
            return false;
        }
        trainers.remove(name);
        return trainer.busy;
    }

    /** One thing happens. */
    void happen() {
        now = now.plusSeconds(random.nextInt(30));
        switch (random.nextInt(15)) {
            case 0 -> engines.forEach(engine -> waiting.merge(engine, (long) random.nextInt(4), Long::sum));
            case 1 -> placeOther();
            case 2 -> any(new ArrayList<>(others.keySet())).ifPresent(others::remove);
            case 3 ->
                change(node -> new Node(
                        node.name(), node.ready(), !node.cordoned(), node.labels(), node.taints(), node.allocatable()));
            case 4 ->
                change(node -> new Node(
                        node.name(), !node.ready(), node.cordoned(), node.labels(), node.taints(), node.allocatable()));
            case 5 -> makePods();
            case 6 -> bind();
            case 7 -> run();
            case 8 -> claim();
            case 9 -> anyTrainer(trainer -> trainer.busy).ifPresent(trainer -> trainer.busy = false);
            case 10 -> leave();
            case 11 -> anyTrainer(trainer -> trainer.phase == Phase.RUNNING).ifPresent(trainer -> trainer.heard = true);
            case 12 -> anyTrainer(trainer -> trainer.heard).ifPresent(trainer -> trainer.silent = !trainer.silent);
            case 13 -> move(nodes, gone);
            case 14 -> {
                move(gone, nodes);
                if (chance(0.2)) {
                    revision++;
                }
            }
            default -> throw new AssertionError();
        }
    }

    /** The job controller, the scheduler and the kubelets do all they can. */
    void settle() {
        for (int each = 0; each < trainers.size(); each++) {
            makePods();
            bind();
            run();
        }
        trainers.values().stream()
                .filter(trainer -> trainer.phase == Phase.RUNNING)
                .forEach(trainer -> trainer.heard = true);
    }

    private void move(List<Node> from, List<Node> to) {
        if (!from.isEmpty()) {
            to.add(from.remove(random.nextInt(from.size())));
        }
    }

    private void placeOther() {
        place(node -> true).ifPresent(node -> others.put("other-" + made++, node));
    }

    private void change(UnaryOperator<Node> change) {
        if (!nodes.isEmpty()) {
            int which = random.nextInt(nodes.size());
            nodes.set(which, change.apply(nodes.get(which)));
        }
    }

    private void makePods() {
        trainers.forEach((job, trainer) -> {
            if (trainer.pod == null) {
                trainer.pod = job + "-" + made++;
            }
        });
    }

    private void bind() {
        anyTrainer(trainer -> trainer.pod != null && trainer.node == null).ifPresent(trainer -> {
            trainer.node = place(node -> pool(trainer.engine, 0).objection(node).isEmpty())
                    .orElse(null);
            trainer.boundAt = trainer.node == null ? null : now;
        });
    }

    private Optional<String> place(Predicate<Node> fits) {
        return nodes.stream()
                .filter(fits)
                .filter(node -> node.allocatable() / Wording.ONE
                        > others.values().stream().filter(node.name()::equals).count()
                                + trainers.values().stream()
                                        .filter(trainer -> node.name().equals(trainer.node) && trainer.end == null)
                                        .count())
                .map(Node::name)
                .min(Comparator.naturalOrder());
    }

    private void run() {
        anyTrainer(trainer -> trainer.node != null && trainer.phase == Phase.PENDING)
                .ifPresent(trainer -> {
                    trainer.phase = Phase.RUNNING;
                    trainer.version++;
                });
    }

    private void claim() {
        anyTrainer(trainer ->
                        trainer.phase == Phase.RUNNING && !trainer.busy && waiting.getOrDefault(trainer.engine, 0L) > 0)
                .ifPresent(trainer -> {
                    trainer.busy = true;
                    waiting.merge(trainer.engine, -1L, Long::sum);
                });
    }

    private void leave() {
        anyTrainer(trainer -> trainer.phase == Phase.RUNNING && !trainer.busy).ifPresent(trainer -> {
            trainer.end = new End(true, false, now, "");
            trainer.phase = Phase.OVER;
            trainer.version++;
        });
        // Jobs that are over are removed after a while.
        List<String> over = trainers.entrySet().stream()
                .filter(job -> job.getValue().end != null)
                .map(Map.Entry::getKey)
                .toList();
        if (over.size() > 3) {
            trainers.remove(over.getFirst());
        }
    }

    Pool pool(String engine, long trainings) {
        return pool(engine, trainings, revision());
    }

    Pool pool(String engine, long trainings, String revisionOfIt) {
        return new Pool(
                engine,
                engine,
                ScalingTest.gpus(1),
                Map.of("gpu", "new"),
                Optional.empty(),
                List.of(),
                trainings,
                new Pool.Made(revisionOfIt, false));
    }

    private Optional<Trainer> anyTrainer(Predicate<Trainer> which) {
        return any(trainers.values().stream().filter(which).toList());
    }

    private <T> Optional<T> any(List<T> all) {
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }
}
