package pnas.predictor.ranking;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import pnas.failure.PnasException;
import pnas.failure.Problem;
import pnas.message.RankingRequest;
import pnas.message.RankingRequest.Header;
import pnas.message.RankingRequest.Observation;
import pnas.message.RankingRequest.Observations;
import pnas.predictor.encoding.Candidates.Family;

/** A request of which some chunks are still to come. They may come in any order and more than once. */
final class OpenRequest {
    private final Header header;
    private final int mostCandidates;
    private final int mostObservations;
    private final List<@Nullable List<Observation>> observations;
    private final List<@Nullable List<Family>> families;

    private int missingChunks;
    private int observationCount;
    private int candidateCount;

    OpenRequest(Header header, int mostCandidates, int mostObservations) {
        this.header = header;
        this.mostCandidates = mostCandidates;
        this.mostObservations = mostObservations;
        observations = new ArrayList<>(Collections.nCopies(header.observationChunks(), null));
        families = new ArrayList<>(Collections.nCopies(header.candidateChunks(), null));
        missingChunks = header.observationChunks() + header.candidateChunks();
    }

    Header header() {
        return header;
    }

    /**
     * Takes a chunk.
     *
     * @throws PnasException with INVALID_INPUT where the chunk is none of those that the header counts, or the request is too large
     */
    void add(Observations chunk) {
        if (isNew(observations, chunk.index(), "observations")) {
            observationCount += chunk.observations().size();
            requireAtMost("observations", mostObservations, observationCount);
            observations.set(chunk.index(), chunk.observations());
        }
    }

    /**
     * Takes a chunk.
     *
     * @throws PnasException with INVALID_INPUT where the chunk is none of those that the header counts, or the request is too large
     */
    void add(RankingRequest.Candidates chunk) {
        if (isNew(families, chunk.index(), "candidates")) {
            for (var children : chunk.children()) {
                candidateCount += children.blocks().size();
            }
            requireAtMost("candidates", mostCandidates, candidateCount);
            families.set(
                    chunk.index(),
                    chunk.children().stream()
                            .map(children -> new Family(children.parent(), children.blocks()))
                            .toList());
        }
    }

    private <T> boolean isNew(List<@Nullable T> chunks, int index, String field) {
        if (index >= chunks.size()) {
            throw invalid(field, "the header counts " + chunks.size() + " chunks, got one with index " + index);
        }
        boolean isNew = chunks.get(index) == null;
        missingChunks -= isNew ? 1 : 0;
        return isNew;
    }

    private static void requireAtMost(String field, int most, int given) {
        if (given > most) {
            throw invalid(field, "there may be at most " + most + ", got " + given + " or more");
        }
    }

    private static PnasException invalid(String field, String message) {
        return PnasException.invalidInput(List.of(new Problem(field, message)));
    }

    /** How many candidates have come so far. */
    int candidateCount() {
        return candidateCount;
    }

    boolean isComplete() {
        return missingChunks == 0;
    }

    /** The whole request, once it {@link #isComplete}. */
    RankingTask task() {
        return new RankingTask(header, flat(observations), flat(families));
    }

    private static <T> List<T> flat(List<@Nullable List<T>> chunks) {
        return chunks.stream()
                .map(Objects::requireNonNull)
                .flatMap(List::stream)
                .toList();
    }
}
