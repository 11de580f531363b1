package pnas.trainer.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An array of 32-bit numbers with a shape.
 *
 * @param shape length of each dimension; none for a single number
 * @param values the numbers, the last dimension running fastest; owned by the tensor, never copied
 */
@SuppressWarnings(
        "ArrayRecordComponent") // Weights are large: copying them to guard them would cost what reading costs.
public record Tensor(List<Integer> shape, float[] values) {
    public Tensor {
        shape = List.copyOf(shape);
        long count = 1;
        for (int length : shape) {
            if (length < 0) {
                throw new IllegalArgumentException("lengths of dimensions must not be negative, got " + shape);
            }
            count = Math.multiplyExact(count, (long) length);
        }
        if (count != values.length) {
            throw new IllegalArgumentException(
                    "a shape of " + shape + " needs " + count + " values, got " + values.length);
        }
    }

    /** A tensor of the shape that a library gives in 64 bits. */
    public static Tensor of(long[] shape, float[] values) {
        return new Tensor(
                Arrays.stream(shape).mapToObj(Math::toIntExact).collect(Collectors.toUnmodifiableList()), values);
    }

    /** The same shape and the same bits. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor(var otherShape, var otherValues)
                && shape.equals(otherShape)
                && Arrays.equals(values, otherValues);
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "a tensor of shape " + shape;
    }
}
