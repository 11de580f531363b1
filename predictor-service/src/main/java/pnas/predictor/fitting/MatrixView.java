package pnas.predictor.fitting;

import java.util.Arrays;

/**
 * A matrix of floats inside a longer array, row by row. A view, not a copy: what is written through it changes the array.
 */
public final class MatrixView {
    private final float[] values;
    private final int offset;
    private final int rows;
    private final int columns;

    /**
     * @param values the array
     * @param offset place of the first element
     * @param rows number of rows
     * @param columns number of columns
     */
    public MatrixView(float[] values, int offset, int rows, int columns) {
        if (rows < 0 || columns < 0 || offset < 0 || offset + (long) rows * columns > values.length) {
            throw new IllegalArgumentException("a matrix of " + rows + " x " + columns + " at " + offset
                    + " does not fit into " + values.length + " values");
        }
        this.values = values;
        this.offset = offset;
        this.rows = rows;
        this.columns = columns;
    }

    /** A matrix of its own with zeros. */
    public static MatrixView zeros(int rows, int columns) {
        return new MatrixView(new float[rows * columns], 0, rows, columns);
    }

    /** The rows from {@code from} on. */
    public MatrixView rows(int from, int count) {
        return new MatrixView(values, offset + from * columns, count, columns);
    }

    /** A transposed copy. */
    public MatrixView transposed() {
        MatrixView copy = zeros(columns, rows);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                copy.values[column * rows + row] = values[offset + row * columns + column];
            }
        }
        return copy;
    }

    /** How many rows there are. */
    public int rows() {
        return rows;
    }

    /** One element. */
    public float get(int row, int column) {
        return values[offset + row * columns + column];
    }

    /** Sets one element. */
    public void set(int row, int column, float value) {
        values[offset + row * columns + column] = value;
    }

    /** Sets every element to zero. */
    public void clear() {
        Arrays.fill(values, offset, offset + rows * columns, 0);
    }

    /** Sets every row to the one row of {@code source}. */
    public void setRows(MatrixView source) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(source.values, source.offset, values, offset + row * columns, columns);
        }
    }

    /** Adds a multiple of a row of {@code source} to a row of this. */
    public void addRow(int row, float scale, MatrixView source, int sourceRow) {
        int out = offset + row * columns;
        int from = source.offset + sourceRow * columns;
        for (int column = 0; column < columns; column++) {
            values[out + column] += scale * source.values[from + column];
        }
    }

    /** Adds the sum of the rows of {@code source} to the one row of this. */
    public void addRowsOf(MatrixView source) {
        for (int row = 0; row < source.rows; row++) {
            addRow(0, 1, source, row);
        }
    }

    /** Rectifies: sets every negative element to zero. */
    public void rectify() {
        for (int i = offset; i < offset + rows * columns; i++) {
            values[i] = Math.max(values[i], 0);
        }
    }

    /** The backward pass of {@link #rectify}: sets elements to zero where {@code rectified} is. */
    public void clearWhereZero(MatrixView rectified) {
        for (int i = 0; i < rows * columns; i++) {
            values[offset + i] = rectified.values[rectified.offset + i] > 0 ? values[offset + i] : 0;
        }
    }

    /** Adds the product of {@code left} (rows x inner) and {@code right} (inner x columns) to this. */
    public void addProduct(MatrixView left, MatrixView right) {
        addProduct(left, left.rows, left.columns, left.columns, 1, right);
    }

    /** Adds the product of the transposed {@code left} (inner x rows) and {@code right} (inner x columns) to this. */
    public void addTransposedProduct(MatrixView left, MatrixView right) {
        addProduct(left, left.columns, left.rows, 1, left.columns, right);
    }

    private void addProduct(
            MatrixView left, int leftRows, int inner, int rowStride, int innerStride, MatrixView right) {
        if (leftRows != rows || right.columns != columns || right.rows != inner) {
            throw new IllegalArgumentException("shapes do not fit: " + leftRows + " x " + inner + " times " + right.rows
                    + " x " + right.columns + " into " + rows + " x " + columns);
        }
        // Along the rows of the result, four rows of the right factor at a time: the compiler turns the inner loop into
        // vector instructions.
        for (int row = 0; row < rows; row++) {
            int out = offset + row * columns;
            int factor = left.offset + row * rowStride;
            int k = 0;
            for (; k + 4 <= inner; k += 4) {
                addRows(out, left.values, factor + k * innerStride, innerStride, right, k);
            }
            for (; k < inner; k++) {
                float scale = left.values[factor + k * innerStride];
                int from = right.offset + k * columns;
                for (int column = 0; column < columns; column++) {
                    values[out + column] += scale * right.values[from + column];
                }
            }
        }
    }

    private void addRows(int out, float[] factors, int factor, int stride, MatrixView right, int k) {
        float[] source = right.values;
        float a = factors[factor];
        float b = factors[factor + stride];
        float c = factors[factor + 2 * stride];
        float d = factors[factor + 3 * stride];
        int first = right.offset + k * columns;
        int second = first + columns;
        int third = second + columns;
        int fourth = third + columns;
        for (int column = 0; column < columns; column++) {
            values[out + column] += a * source[first + column]
                    + b * source[second + column]
                    + c * source[third + column]
                    + d * source[fourth + column];
        }
    }
}
