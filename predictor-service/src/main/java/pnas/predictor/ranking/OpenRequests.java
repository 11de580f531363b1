package pnas.predictor.ranking;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import pnas.decision.Decides;
import pnas.failure.PnasException;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage;
import pnas.message.RankingRequest;
import pnas.message.RankingRequest.Header;

/**
 * The predictor's side of the protocol. It puts requests together from their records and decides which is ranked when, what is told of it meanwhile, and
 * which records are done with. What happens goes in with the time, what follows comes out; nothing is sent or computed here.
 *
 * <p>A request gathers its chunks, waits for a thread, is ranked, and is answered; it is gone once the broker has the answer, or where its chunks do not
 * come. No record of it is done with before that, so that another predictor reads all of it should this one die: what is known here may be lost at any time. Used by one thread at a time.
 *
 * @param <R> a record
 */
@Decides
public final class OpenRequests<R> {
    /**
     * What is fixed.
     *
     * @param mostCandidates the most candidates of a request
     * @param mostObservations the most measured cells of a request
     * @param mostWaiting how many candidates may wait before no further request is taken in
     * @param threads how many requests are ranked at once
     * @param signOfLife how often a request's sign of life is told
     * @param gathering how long an incomplete request is kept without a further record
     */
    public record Terms(
            int mostCandidates,
            int mostObservations,
            int mostWaiting,
            int threads,
            Duration signOfLife,
            Duration gathering) {
        public Terms {
            if (threads < 1) {
                throw new IllegalArgumentException("threads must be at least 1, got " + threads);
            }
        }
    }

    /**
     * A record with its place.
     *
     * @param part what it holds
     * @param partition the partition that it was read from
     * @param offset its place there
     * @param source the record
     */
    public record Received<R>(RankingRequest part, int partition, long offset, R source) {}

    /**
     * How far a ranking is.
     *
     * @param scored how many candidates have a score
     * @param seconds how long that took, learning left out
     */
    public record Progress(int scored, double seconds) {
        static final Progress NONE = new Progress(0, 0);
    }

    /** What follows from what happened. */
    public sealed interface Effect<R> {
        /** These records are done with: the next predictor need not read them. */
        record Done<R>(List<R> records) implements Effect<R> {
            public Done {
                records = List.copyOf(records);
            }
        }

        /** This is to be ranked on a thread of its own, until {@link #answered} or {@link #stopped} says that it ended. */
        record Start<R>(long work, RankingTask task) implements Effect<R> {}

        /** Nobody wants the result of this work. */
        record Stop<R>(long work) implements Effect<R> {}

        /** This answer is to be sent until the broker has it; {@link #sent} says so. */
        record Answer<R>(RankingAnswer answer) implements Effect<R> {}

        /** The rest of this request did not come; the orchestrator asks again where it still wants it. */
        record GaveUp<R>(Header header) implements Effect<R> {}

        /** This is to be sent; whether it arrives does not matter. */
        record Tell<R>(RankingMessage.SignOfLife sign) implements Effect<R> {}
    }

    /** Where a request stands. */
    private sealed interface Standing {
        /** Chunks are still to come. */
        record Gathering(OpenRequest parts) implements Standing {}

        /** It is complete, and every thread has another one. */
        record Waiting(RankingTask task) implements Standing {}

        record Ranking(long work) implements Standing {}

        /** The broker is to take its answer. */
        record Answered() implements Standing {}
    }

    private static final class Entry<R> {
        private final Header header;
        private final List<Received<R>> records = new ArrayList<>();
        private Standing standing;
        private int candidates;
        private Instant toldAt = Instant.MIN;
        /** Since when it waits for the next of its records. */
        private Instant gatheringSince;

        Entry(Header header, OpenRequest parts, Instant now) {
            this.header = header;
            this.standing = new Standing.Gathering(parts);
            this.gatheringSince = now;
        }

        Effect.Done<R> done() {
            return new Effect.Done<>(records.stream().map(Received::source).toList());
        }
    }

    private final Terms terms;
    /** By request, in the order in which they came. */
    private final Map<UUID, Entry<R>> open = new LinkedHashMap<>();
    /** What goes on, wanted or not. */
    private final Set<Long> working = new HashSet<>();

    private long lastWork;

    public OpenRequests(Terms terms) {
        this.terms = terms;
    }

    /** How many requests wait for chunks. */
    public long gathering() {
        return count(Standing.Gathering.class);
    }

    /** How many complete requests wait for a thread. */
    public long waiting() {
        return count(Standing.Waiting.class);
    }

    private long count(Class<? extends Standing> standing) {
        return open.values().stream()
                .filter(entry -> standing.isInstance(entry.standing))
                .count();
    }

    /** Whether a further request may be taken in. */
    public boolean hasRoom() {
        return open.values().stream()
                        .filter(entry -> entry.standing instanceof Standing.Waiting)
                        .mapToLong(entry -> entry.candidates)
                        .sum()
                < terms.mostWaiting();
    }

    /** A record was read. */
    public List<Effect<R>> accept(Received<R> received, Instant now) {
        return switch (received.part()) {
            case Header header -> begin(header, received, now);
            case RankingRequest.Observations chunk -> extend(received, request -> request.add(chunk), now);
            case RankingRequest.Candidates chunk -> extend(received, request -> request.add(chunk), now);
        };
    }

    private List<Effect<R>> begin(Header header, Received<R> received, Instant now) {
        Entry<R> known = open.get(header.requestId());
        if (known != null && !(known.standing instanceof Standing.Gathering)) {
            return keep(received, known);
        }
        List<Effect<R>> effects = new ArrayList<>();
        for (Entry<R> older : List.copyOf(open.values())) {
            // An experiment asks for one ranking at a time.
            if (older.header.experimentId().equals(header.experimentId())
                    && !(older.standing instanceof Standing.Answered)) {
                drop(older, replacedBy(received, older), effects);
            }
        }
        Entry<R> entry =
                new Entry<>(header, new OpenRequest(header, terms.mostCandidates(), terms.mostObservations()), now);
        entry.records.add(received);
        open.put(header.requestId(), entry);
        return effects;
    }

    /**
     * The records of a replaced request. Where this consumer lost its partition and got it back, the header is the same record read again and the chunks
     * will be read again too: those must not be marked as done under the offsets that are open once more.
     */
    private static <R> Effect.Done<R> replacedBy(Received<R> header, Entry<R> replaced) {
        return new Effect.Done<>(replaced.records.stream()
                .filter(record -> record.partition() == header.partition() && record.offset() < header.offset())
                .map(Received::source)
                .toList());
    }

    private List<Effect<R>> extend(Received<R> received, Addition addition, Instant now) {
        Entry<R> entry = open.get(received.part().requestId());
        if (entry == null || !entry.header.experimentId().equals(received.part().experimentId())) {
            return List.of(new Effect.Done<>(List.of(received.source())));
        }
        if (!(entry.standing instanceof Standing.Gathering(OpenRequest parts))) {
            return keep(received, entry);
        }
        entry.records.add(received);
        entry.gatheringSince = now;
        try {
            addition.to(parts);
        } catch (PnasException refusal) {
            entry.standing = new Standing.Answered();
            return List.of(new Effect.Answer<>(failed(entry.header, refusal)));
        }
        if (!parts.isComplete()) {
            return List.of();
        }
        entry.candidates = parts.candidateCount();
        entry.standing = new Standing.Waiting(parts.task());
        entry.toldAt = now;
        List<Effect<R>> effects = new ArrayList<>();
        startWhatMayStart(effects);
        return effects;
    }

    @FunctionalInterface
    private interface Addition {
        void to(OpenRequest request);
    }

    /**
     * A record of a request that came whole before: it was sent again, or its partition was lost and came back. One answer is for both, and until that is sent
     * none of their records is done with.
     */
    private static <R> List<Effect<R>> keep(Received<R> received, Entry<R> entry) {
        entry.records.add(received);
        return List.of();
    }

    /** The shortest first, so that a short one does not wait for minutes; of those of one length the one that came first. */
    private void startWhatMayStart(List<Effect<R>> effects) {
        while (working.size() < terms.threads()) {
            Optional<Entry<R>> next = open.values().stream()
                    .filter(entry -> entry.standing instanceof Standing.Waiting)
                    .min(Comparator.comparingInt(entry -> entry.candidates));
            if (next.isEmpty() || !(next.get().standing instanceof Standing.Waiting(RankingTask task))) {
                return;
            }
            lastWork++;
            working.add(lastWork);
            next.get().standing = new Standing.Ranking(lastWork);
            effects.add(new Effect.Start<>(lastWork, task));
        }
    }

    /** A ranking has ended with this answer. */
    public List<Effect<R>> answered(long work, RankingAnswer answer) {
        List<Effect<R>> effects = new ArrayList<>();
        working.remove(work);
        Entry<R> entry = rankedBy(work);
        if (entry != null) {
            entry.standing = new Standing.Answered();
            effects.add(new Effect.Answer<>(answer));
        }
        startWhatMayStart(effects);
        return effects;
    }

    /**
     * A ranking has ended without an answer, since it was to stop. Of one that was still wanted nothing is done with and nothing more is told: it will be
     * asked for again.
     */
    public List<Effect<R>> stopped(long work) {
        List<Effect<R>> effects = new ArrayList<>();
        working.remove(work);
        Entry<R> entry = rankedBy(work);
        if (entry != null) {
            open.remove(entry.header.requestId());
        }
        startWhatMayStart(effects);
        return effects;
    }

    private @Nullable Entry<R> rankedBy(long work) {
        return open.values().stream()
                .filter(entry -> entry.standing instanceof Standing.Ranking(long own) && own == work)
                .findFirst()
                .orElse(null);
    }

    /** The broker has the answer to a request. */
    public List<Effect<R>> sent(UUID requestId) {
        Entry<R> entry = open.get(requestId);
        if (entry == null || !(entry.standing instanceof Standing.Answered)) {
            return List.of();
        }
        open.remove(requestId);
        return List.of(entry.done());
    }

    /** Nobody wants this request any more. One that is not known may still come: its sign of life is answered with another withdrawal. */
    public List<Effect<R>> withdrawn(UUID requestId) {
        Entry<R> entry = open.get(requestId);
        if (entry == null || entry.standing instanceof Standing.Answered) {
            return List.of();
        }
        List<Effect<R>> effects = new ArrayList<>();
        drop(entry, entry.done(), effects);
        return effects;
    }

    /** The thread of a ranking is free only once that has noticed. */
    private void drop(Entry<R> entry, Effect.Done<R> done, List<Effect<R>> effects) {
        open.remove(entry.header.requestId());
        if (entry.standing instanceof Standing.Ranking(long work)) {
            effects.add(new Effect.Stop<>(work));
        }
        if (!done.records().isEmpty()) {
            effects.add(done);
        }
    }

    /**
     * Time has passed.
     *
     * @param progress of a work
     */
    public List<Effect<R>> pass(Instant now, LongFunction<Progress> progress) {
        List<Effect<R>> effects = new ArrayList<>();
        boolean reading = hasRoom();
        for (Entry<R> entry : List.copyOf(open.values())) {
            switch (entry.standing) {
                case Standing.Gathering gathering -> gather(entry, reading, now, effects);
                case Standing.Waiting waiting -> tell(entry, true, Progress.NONE, now, effects);
                case Standing.Ranking(long work) -> tell(entry, false, progress.apply(work), now, effects);
                case Standing.Answered answered -> {}
            }
        }
        return effects;
    }

    /**
     * A request whose rest does not come would keep its partition where it is for ever: its sender may have died in the middle of it, and the search may be over
     * since. It is given up and not told of: a sign of life would keep the orchestrator, whose patience counts from the last one, from asking for it again.
     *
     * @param reading whether its records would be read if they came
     */
    private void gather(Entry<R> entry, boolean reading, Instant now, List<Effect<R>> effects) {
        if (!reading) {
            entry.gatheringSince = now;
        } else if (entry.gatheringSince.plus(terms.gathering()).isBefore(now)) {
            effects.add(new Effect.GaveUp<>(entry.header));
            drop(entry, entry.done(), effects);
        }
    }

    private void tell(Entry<R> entry, boolean waits, Progress progress, Instant now, List<Effect<R>> effects) {
        if (now.isBefore(entry.toldAt.plus(terms.signOfLife()))) {
            return;
        }
        entry.toldAt = now;
        Double left = progress.scored() == 0
                ? null
                : progress.seconds() * (entry.candidates - progress.scored()) / progress.scored();
        effects.add(new Effect.Tell<>(new RankingMessage.SignOfLife(
                RankingMessage.SCHEMA_VERSION,
                entry.header.requestId(),
                entry.header.experimentId(),
                waits,
                progress.scored(),
                entry.candidates,
                left)));
    }

    /** The answer to a request that cannot be ranked. */
    static RankingAnswer.Failed failed(Header header, PnasException why) {
        return new RankingAnswer.Failed(
                RankingAnswer.SCHEMA_VERSION,
                header.requestId(),
                header.experimentId(),
                why.code(),
                String.valueOf(why.getMessage()));
    }
}
