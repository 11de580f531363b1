package pnas.cell;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import pnas.failure.PlainText;

/** What a branch does to its input, in the order of the paper (Liu et al., ECCV 2018, section 3.1). */
public enum Operation {
    /** Depthwise-separable 3x3 convolution, applied twice. */
    SEP3X3("sep3x3", Family.SEPARABLE),
    /** Depthwise-separable 5x5 convolution, applied twice. */
    SEP5X5("sep5x5", Family.SEPARABLE),
    /** Depthwise-separable 7x7 convolution, applied twice. */
    SEP7X7("sep7x7", Family.SEPARABLE),
    /** 1x7 convolution followed by a 7x1 convolution. */
    CONV1X7_7X1("conv1x7_7x1", Family.FACTORISED),
    /** The input itself. */
    IDENTITY("identity", Family.IDENTITY),
    /** 3x3 average pooling. */
    AVG3X3("avg3x3", Family.POOLING),
    /** 3x3 maximum pooling. */
    MAX3X3("max3x3", Family.POOLING),
    /** 3x3 convolution with dilation 2. */
    DIL3X3("dil3x3", Family.DILATED);

    private static final List<Operation> BY_TEXT = Arrays.stream(values())
            .sorted(Comparator.comparing(Operation::text))
            .toList();

    /** Operations that compute alike. */
    public enum Family {
        /** Depthwise-separable convolutions. */
        SEPARABLE,
        /** A convolution in two strips. */
        FACTORISED,
        /** A dilated convolution. */
        DILATED,
        /** Pooling. */
        POOLING,
        /** Nothing is computed. */
        IDENTITY;

        /** Whether its operations learn anything. */
        public boolean hasWeights() {
            return this != POOLING && this != IDENTITY;
        }
    }

    private final String text;
    private final Family family;

    Operation(String text, Family family) {
        this.text = text;
        this.family = family;
    }

    /** The operations that it is like: pages draw them alike. */
    public Family family() {
        return family;
    }

    /** The name in the text form, for instance {@code sep3x3}. */
    public String text() {
        return text;
    }

    /**
     * The operation of this name.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Operation parse(String text) {
        for (Operation operation : BY_TEXT) {
            if (operation.text.equals(text)) {
                return operation;
            }
        }
        String names = Arrays.stream(values()).map(Operation::text).collect(Collectors.joining(", "));
        throw new IllegalArgumentException(
                "operation must be one of " + names + ", got '" + PlainText.excerpt(text) + "'");
    }

    /** All operations by the code-point order of their names. */
    static List<Operation> byText() {
        return BY_TEXT;
    }
}
