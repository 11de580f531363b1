package pnas.predictor.ranking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import pnas.failure.PnasException;
import pnas.message.RankingRequest;

/**
 * Puts requests together from their records and decides which records are done with. No record of a request is done with before the request is
 * answered, so that another predictor reads all of it should this one die. Used by one thread at a time.
 *
 * @param <R> a record
 */
final class OpenRequests<R> {
    /**
     * A record with its place.
     *
     * @param part what it holds
     * @param partition the partition that it was read from
     * @param offset its place there
     * @param source the record
     */
    record Received<R>(RankingRequest part, int partition, long offset, R source) {}

    /** What follows from a record. */
    sealed interface Step<R> {
        /** The records that are done with: at once, or as soon as the answer was sent. */
        List<R> done();

        /** Nothing is to be answered. */
        record Waiting<R>(List<R> done) implements Step<R> {
            public Waiting {
                done = List.copyOf(done);
            }
        }

        /** A request is complete and to be answered. */
        record Complete<R>(RankingTask task, List<R> done) implements Step<R> {
            public Complete {
                done = List.copyOf(done);
            }
        }

        /** A request is to be answered with this failure. */
        record Refused<R>(RankingRequest.Header header, PnasException failure, List<R> done) implements Step<R> {
            public Refused {
                done = List.copyOf(done);
            }
        }
    }

    private record Entry<R>(OpenRequest request, List<Received<R>> records) {
        List<R> sources() {
            return records.stream().map(Received::source).toList();
        }
    }

    private final int mostCandidates;
    private final int mostObservations;
    /** By experiment, which asks for one ranking at a time. */
    private final Map<String, Entry<R>> open = new HashMap<>();

    /**
     * @param mostCandidates the most candidates of a request
     * @param mostObservations the most measured cells of a request
     */
    OpenRequests(int mostCandidates, int mostObservations) {
        this.mostCandidates = mostCandidates;
        this.mostObservations = mostObservations;
    }

    /** How many requests wait for chunks. */
    int count() {
        return open.size();
    }

    /** Takes the next record. */
    Step<R> accept(Received<R> received) {
        return switch (received.part()) {
            case RankingRequest.Header header -> begin(header, received);
            case RankingRequest.Observations chunk -> extend(received, request -> request.add(chunk));
            case RankingRequest.Candidates chunk -> extend(received, request -> request.add(chunk));
        };
    }

    private Step<R> begin(RankingRequest.Header header, Received<R> received) {
        Entry<R> entry = new Entry<>(new OpenRequest(header, mostCandidates, mostObservations), new ArrayList<>());
        entry.records.add(received);
        Entry<R> replaced = open.put(header.experimentId(), entry);
        return new Step.Waiting<>(replaced == null ? List.of() : replacedBy(received, replaced));
    }

    /**
     * The records of a replaced request. Where this consumer lost its partition and got it back, the header is the same record read again and the chunks
     * will be read again too: those must not be marked as done under the offsets that are open once more.
     */
    private static <R> List<R> replacedBy(Received<R> header, Entry<R> replaced) {
        return replaced.records().stream()
                .filter(record -> record.partition() == header.partition() && record.offset() < header.offset())
                .map(Received::source)
                .toList();
    }

    private Step<R> extend(Received<R> received, Addition addition) {
        String experiment = received.part().experimentId();
        @Nullable Entry<R> entry = open.get(experiment);
        if (entry == null
                || !entry.request.header().requestId().equals(received.part().requestId())) {
            return new Step.Waiting<>(List.of(received.source()));
        }
        entry.records.add(received);
        try {
            addition.to(entry.request);
        } catch (PnasException refusal) {
            open.remove(experiment);
            return new Step.Refused<>(entry.request.header(), refusal, entry.sources());
        }
        if (!entry.request.isComplete()) {
            return new Step.Waiting<>(List.of());
        }
        open.remove(experiment);
        return new Step.Complete<>(entry.request.task(), entry.sources());
    }

    @FunctionalInterface
    private interface Addition {
        void to(OpenRequest request);
    }
}
