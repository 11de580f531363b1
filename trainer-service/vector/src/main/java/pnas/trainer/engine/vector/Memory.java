package pnas.trainer.engine.vector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The one array that a network trains in, laid out before it exists. Each buffer is in use from one moment of a step to another; two whose times
 * do not meet may lie in the same place.
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

    /** A part of the array. Where it begins is known once the memory is laid out. */
    static final class Buffer {
        private final long length;
        private int from;
        private int until;
        private int at = -1;

        private Buffer(long length, int from, int until) {
            this.length = length;
            this.from = from;
            this.until = until;
        }

        /** Where it begins. */
        int at() {
            return at;
        }

        long length() {
            return length;
        }

        /** Is in use at this moment too. */
        void use(int moment) {
            from = Math.min(from, moment);
            until = Math.max(until, moment);
        }

        private boolean meets(Buffer other) {
            return from <= other.until && other.from <= until;
        }

        private long end() {
            return at + padded(length) + MARGIN;
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
                part.at = Math.toIntExact(at);
                at = Math.addExact(at, padded(part.length) + MARGIN);
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
     * Gives every buffer its place: the largest first, each at the lowest place where it meets none.
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
        List<Buffer> placed = new ArrayList<>();
        List<Buffer> bySize = new ArrayList<>(buffers);
        bySize.sort(
                Comparator.comparingLong((Buffer buffer) -> -buffer.length).thenComparingInt(buffer -> buffer.from));
        for (Buffer buffer : bySize) {
            long at = base;
            for (Buffer other : placed) { // In the order of their places.
                if (other.meets(buffer)) {
                    if (at + padded(buffer.length) + MARGIN <= other.at) {
                        break;
                    }
                    at = Math.max(at, other.end());
                }
            }
            buffer.at = Math.toIntExact(at);
            end = Math.max(end, at + padded(buffer.length) + MARGIN);
            placed.add(buffer);
            placed.sort(Comparator.comparingInt(other -> other.at));
        }
        return Math.toIntExact(end);
    }
}
