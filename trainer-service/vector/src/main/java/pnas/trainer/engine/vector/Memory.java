package pnas.trainer.engine.vector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one array that a network trains in, laid out before it exists. Each buffer is in use from one moment of a step to another; two whose times
 * do not meet may lie in the same place. An evaluation, which passes nothing back and takes few images at a time, has places of its own in the same array: so few that they
 * stay in the cache.
 */
final class Memory {
    /** Behind each buffer, as kernels read and write whole vectors. */
    private static final int MARGIN = Lanes.BLOCK;

    /**
     * Where the first buffer begins. The numbers of an array begin 16 bytes behind the array itself: so this one, and all others, begin where a line of
     * the cache does, if objects do. A vector that lies across two lines takes two accesses.
     */
    private static final int FIRST = Lanes.BLOCK - 4;

    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Buffer> scratches = new ArrayList<>();

    /** What the array is used for at a time. */
    enum Use {
        TRAINING,
        EVALUATION
    }

    /** How much of the array a buffer takes, from when until when. */
    private static final class Span {
        private final long length;
        private int from;
        private int until;
        private int at;

        private Span(long length, int from, int until) {
            this.length = length;
            this.from = from;
            this.until = until;
        }

        private boolean meets(Span other) {
            return from <= other.until && other.from <= until;
        }

        private long end() {
            return at + padded(length) + MARGIN;
        }
    }

    /** A part of the array. Where it begins is known once the memory is laid out, and depends on what the array is used for. */
    static final class Buffer {
        private final Span training;
        private @Nullable Span evaluation;
        private int at = -1;

        private Buffer(long length, int from, int until) {
            this.training = new Span(length, from, until);
        }

        /** Where it begins. */
        int at() {
            return at;
        }

        /** How many numbers it has in a training. */
        long length() {
            return training.length;
        }

        /** Is in use at this moment of a training too. */
        void use(int moment) {
            training.from = Math.min(training.from, moment);
            training.until = Math.max(training.until, moment);
        }

        /** Has so many numbers in an evaluation, and is in use between these moments. What is told nothing of evaluations has its place of a training. */
        void inEvaluation(long numbers, int from, int until) {
            this.evaluation = new Span(numbers, from, until);
        }

        /** Keeps what it has from the beginning of an evaluation until its end. */
        Buffer forAllOfEvaluation() {
            inEvaluation(training.length, 0, Integer.MAX_VALUE);
            return this;
        }
    }

    /** A buffer of so many numbers, in use at this moment and those that it is told of later. */
    Buffer buffer(long length, int moment) {
        Buffer buffer = new Buffer(length, moment, moment);
        buffers.add(buffer);
        return buffer;
    }

    /** Room that one pass uses while it works, and that means nothing before and after. */
    final class Scratch {
        private final List<Buffer> parts = new ArrayList<>();

        Buffer part(long length) {
            Buffer part = new Buffer(length, 0, Integer.MAX_VALUE);
            parts.add(part);
            scratches.add(part);
            return part;
        }

        private long layOut(long from) {
            long at = from;
            for (Buffer part : parts) {
                part.training.at = Math.toIntExact(at);
                at = Math.addExact(at, padded(part.training.length) + MARGIN);
            }
            return at;
        }
    }

    private final List<Scratch> ofPasses = new ArrayList<>();

    /** The room of one pass, which it shares with all others. */
    Scratch scratch() {
        Scratch scratch = new Scratch();
        ofPasses.add(scratch);
        return scratch;
    }

    private static long padded(long length) {
        return (length + Lanes.BLOCK - 1) / Lanes.BLOCK * Lanes.BLOCK;
    }

    /**
     * Gives every buffer its places, for a training and for an evaluation: the largest first, each at the lowest place where it meets none.
     *
     * @return length of the array
     * @throws ArithmeticException where it would have more numbers than an array can have
     */
    int layOut() {
        long end = FIRST;
        for (Scratch scratch : ofPasses) {
            end = Math.max(end, scratch.layOut(FIRST));
        }
        long base = end;
        List<Span> ofTraining = buffers.stream().map(buffer -> buffer.training).toList();
        List<Span> ofEvaluation = Stream.concat(scratches.stream(), buffers.stream())
                .flatMap(buffer -> Stream.ofNullable(buffer.evaluation))
                .toList();
        end = Math.max(layOut(ofTraining, base), layOut(ofEvaluation, base));
        place(Use.TRAINING);
        return Math.toIntExact(end);
    }

    private static long layOut(List<Span> spans, long base) {
        long end = base;
        List<Span> placed = new ArrayList<>();
        List<Span> bySize = new ArrayList<>(spans);
        bySize.sort(Comparator.comparingLong((Span span) -> -span.length).thenComparingInt(span -> span.from));
        for (Span span : bySize) {
            long at = base;
            for (Span other : placed) { // In the order of their places.
                if (other.meets(span)) {
                    if (at + padded(span.length) + MARGIN <= other.at) {
                        break;
                    }
                    at = Math.max(at, other.end());
                }
            }
            span.at = Math.toIntExact(at);
            end = Math.max(end, at + padded(span.length) + MARGIN);
            placed.add(span);
            placed.sort(Comparator.comparingInt(other -> other.at));
        }
        return end;
    }

    /** Gives every buffer the place that it has in this use. */
    void place(Use use) {
        for (int i = 0; i < scratches.size(); i++) {
            place(scratches.get(i), use);
        }
        for (int i = 0; i < buffers.size(); i++) {
            place(buffers.get(i), use);
        }
    }

    private static void place(Buffer buffer, Use use) {
        Span evaluation = buffer.evaluation;
        buffer.at = (use == Use.EVALUATION && evaluation != null ? evaluation : buffer.training).at;
    }
}
