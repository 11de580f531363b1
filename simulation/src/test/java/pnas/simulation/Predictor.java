package pnas.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.failure.ErrorCode;
import pnas.message.RankingAnswer;
import pnas.message.RankingRequest.Observation;
import pnas.simulation.World.Actor;
import pnas.simulation.World.Node;
import pnas.space.Expansion;

/** A predictor: its answer follows from the request alone, and it commits no request before it is answered. */
final class Predictor {
    private final World world;
    private final Platform platform;
    private final Node process;

    /** A request as it is put together. */
    record Request(
            UUID requestId, String experimentId, int keep, List<Observation> observations, Expansion expansion) {}

    Predictor(Platform platform, String name) {
        this.platform = platform;
        this.world = platform.world();
        this.process = world.new Node(name);
        process.start(this::work);
    }

    Node process() {
        return process;
    }

    private void work(Actor actor) {
        Broker broker = platform.broker();
        broker.join(process, Orchestrator.CANDIDATES, actor);
        while (true) {
            Broker.Batch<Request> batch = broker.read(process, Orchestrator.CANDIDATES, Request.class);
            if (batch.messages().isEmpty()) {
                actor.park(10_000);
                continue;
            }
            for (Request request : batch.messages()) {
                answer(actor, request);
            }
            broker.commit(process, Orchestrator.CANDIDATES, batch);
        }
    }

    private void answer(Actor actor, Request request) {
        Set<Fault> faults = world.strike(Fault.Point.REQUEST_READ);
        actor.pause(world.between(100, 20_000));
        if (faults.contains(Fault.PREDICTOR_CRASHED)) {
            process.die();
            Coroutine.leave();
        }
        if (faults.contains(Fault.PREDICTOR_LATE)) {
            actor.pause(world.between(100_000, 400_000));
        }
        RankingAnswer answer = rank(request);
        if (faults.contains(Fault.RANKING_FAILED)) {
            answer = new RankingAnswer.Failed(
                    1, request.requestId(), request.experimentId(), ErrorCode.STORAGE_FAILURE, "disk");
        }
        if (faults.contains(Fault.RANKING_FAILED_FOR_GOOD)) {
            answer = new RankingAnswer.Failed(
                    1, request.requestId(), request.experimentId(), ErrorCode.INVALID_INPUT, "no such predictor");
        }
        if (!faults.contains(Fault.ANSWER_LOST)) {
            tell(actor, answer);
        }
        if (faults.contains(Fault.ANSWER_DOUBLED)) {
            tell(actor, answer);
        }
    }

    private void tell(Actor actor, RankingAnswer answer) {
        Boolean[] has = new Boolean[1];
        do {
            has[0] = null;
            platform.broker().send(process, Orchestrator.RANKINGS, answer.experimentId(), answer, sent -> {
                has[0] = sent;
                actor.wake();
            });
            while (has[0] == null) {
                actor.park(60_000);
            }
        } while (!has[0]);
    }

    /** What is learnt from the observations changes every score. */
    static RankingAnswer rank(Request request) {
        long learnt = request.observations().stream()
                .mapToLong(one -> Objects.hash(one.cell().text(), one.stage(), one.accuracy()))
                .sum();
        List<RankingAnswer.Scored> scored = new ArrayList<>();
        for (Expansion.Children children : request.expansion().children()) {
            for (Block block : children.blocks()) {
                List<Block> blocks = new ArrayList<>(children.parent().blocks());
                blocks.add(block);
                Cell cell = new Cell(blocks);
                scored.add(new RankingAnswer.Scored(
                        cell, new Random(learnt * 31 + cell.text().hashCode()).nextInt(1000) / 1000.0));
            }
        }
        scored.sort(Comparator.comparingDouble(RankingAnswer.Scored::score)
                .reversed()
                .thenComparing(one -> one.cell().text()));
        return new RankingAnswer.Ranked(
                1,
                request.requestId(),
                request.experimentId(),
                scored.size(),
                scored.subList(0, Math.min(request.keep(), scored.size())),
                new RankingAnswer.Histogram(0, 1, List.of(scored.size())),
                null,
                1);
    }
}
