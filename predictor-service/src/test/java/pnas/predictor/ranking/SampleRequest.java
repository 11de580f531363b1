package pnas.predictor.ranking;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import pnas.cell.Operation;
import pnas.message.RankingRequest;
import pnas.message.RankingRequest.Candidates;
import pnas.message.RankingRequest.Children;
import pnas.message.RankingRequest.Header;
import pnas.message.RankingRequest.Observation;
import pnas.message.RankingRequest.Observations;
import pnas.predictor.SampleCells;

/** A small valid request of stage 2: the measured cells in two chunks, the children of each parent in a chunk of its own. */
final class SampleRequest {
    private final UUID id = UUID.randomUUID();
    private final String experiment;
    private String predictor = "gp";
    private int keep = 3;
    private int parents = 2;
    private int observations = 24;

    SampleRequest(String experiment) {
        this.experiment = experiment;
    }

    SampleRequest predictor(String name) {
        predictor = name;
        return this;
    }

    SampleRequest keeping(int count) {
        keep = count;
        return this;
    }

    SampleRequest parents(int count) {
        parents = count;
        return this;
    }

    /** So many measured cells: networks learn from 2,000 for the better part of a minute. */
    SampleRequest observations(int count) {
        observations = count;
        return this;
    }

    String experiment() {
        return experiment;
    }

    UUID id() {
        return id;
    }

    int candidateCount() {
        return parents * SampleCells.children(1).size();
    }

    /** The header, then the observations, then the candidates. */
    List<RankingRequest> parts() {
        List<RankingRequest> parts = new ArrayList<>();
        parts.add(new Header(1, id, experiment, 2, predictor, null, List.of(Operation.values()), 5, keep, 2, parents));
        List<Observation> cells = SampleCells.observations(observations, 1, new SplittableRandom(1));
        parts.add(new Observations(1, id, experiment, 0, cells.subList(0, 10)));
        parts.add(new Observations(1, id, experiment, 1, cells.subList(10, observations)));
        for (int parent = 0; parent < parents; parent++) {
            parts.add(new Candidates(
                    1,
                    id,
                    experiment,
                    parent,
                    List.of(new Children(cells.get(parent).cell().canonical(), SampleCells.children(1)))));
        }
        return parts;
    }
}
