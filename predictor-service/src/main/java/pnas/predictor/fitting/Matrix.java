package pnas.predictor.fitting;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A matrix of floats.
 *
 * <p>Each row is an array of its own and every inner loop runs over whole rows by one index: only so can the compiler prove that the rows of source
 * and result do not overlap at different places, and use vector instructions. In one long array the same product takes five times as long.
 */
public final class Matrix {
    /** A multiple of four; so many rows of gates and as many results fit into a first-level cache. */
    private static final int TILE = 16;

    private final float[][] rows;
    private final int columns;

    /** A matrix of zeros. */
    public Matrix(int rows, int columns) {
        this(new float[rows][columns], columns);
    }

    private Matrix(float[][] rows, int columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /** The first rows of this matrix. A view, not a copy: what is written through it changes this matrix. */
    public Matrix firstRows(int count) {
        return new Matrix(Arrays.copyOf(rows, count), columns);
    }

    /** The rows of several matrices, one after the other. A view, not a copy. */
    public static Matrix stacked(List<Matrix> matrices) {
        return new Matrix(
                matrices.stream().flatMap(matrix -> Arrays.stream(matrix.rows)).toArray(float[][]::new),
                matrices.getFirst().columns);
    }

    /** How many rows there are. */
    public int rows() {
        return rows.length;
    }

    /** How many columns there are. */
    public int columns() {
        return columns;
    }

    /** One element. */
    public float get(int row, int column) {
        return rows[row][column];
    }

    /** Sets one element. */
    public void set(int row, int column, float value) {
        rows[row][column] = value;
    }

    /** The elements of a row, not a copy. */
    float[] row(int row) {
        return rows[row];
    }

    /** Sets every element to zero. */
    public void clear() {
        for (float[] row : rows) {
            Arrays.fill(row, 0);
        }
    }

    /** Draws every element uniformly from ±{@code range}. */
    public void randomize(float range, RandomGenerator random) {
        for (float[] row : rows) {
            for (int column = 0; column < columns; column++) {
                row[column] = range * (2 * random.nextFloat() - 1);
            }
        }
    }

    /** Sets every element to that of a matrix of the same shape. */
    public void set(Matrix source) {
        for (int row = 0; row < rows.length; row++) {
            setRow(row, source, row);
        }
    }

    /** Sets every row to the one row of {@code source}. */
    public void setRows(Matrix source) {
        for (float[] row : rows) {
            System.arraycopy(source.rows[0], 0, row, 0, columns);
        }
    }

    /** Sets a row to one of {@code source}. */
    public void setRow(int row, Matrix source, int sourceRow) {
        System.arraycopy(source.rows[sourceRow], 0, rows[row], 0, columns);
    }

    /** Adds a multiple of a row of {@code source} to a row of this. */
    public void addRow(int row, float scale, Matrix source, int sourceRow) {
        add(rows[row], scale, source.rows[sourceRow]);
    }

    /** Adds the sum of the rows of {@code source} to the one row of this. */
    public void addRowsOf(Matrix source) {
        for (float[] row : source.rows) {
            add(rows[0], 1, row);
        }
    }

    /** The scalar product of a row with a row of {@code other}. */
    public float dot(int row, Matrix other, int otherRow) {
        float[] a = rows[row];
        float[] b = other.rows[otherRow];
        // Four sums, so that an addition need not wait for the one before.
        float first = 0;
        float second = 0;
        float third = 0;
        float fourth = 0;
        int i = 0;
        for (; i + 4 <= columns; i += 4) {
            first += a[i] * b[i];
            second += a[i + 1] * b[i + 1];
            third += a[i + 2] * b[i + 2];
            fourth += a[i + 3] * b[i + 3];
        }
        for (; i < columns; i++) {
            first += a[i] * b[i];
        }
        return first + second + third + fourth;
    }

    /** Rectifies: sets every negative element to zero. */
    public void rectify() {
        for (float[] row : rows) {
            for (int column = 0; column < row.length; column++) {
                row[column] = Math.max(row[column], 0);
            }
        }
    }

    /** The backward pass of {@link #rectify}: sets elements to zero where {@code rectified} is. */
    public void clearWhereZero(Matrix rectified) {
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < columns; column++) {
                rows[row][column] = rectified.rows[row][column] > 0 ? rows[row][column] : 0;
            }
        }
    }

    /** A transposed copy. */
    public Matrix transposed() {
        Matrix copy = new Matrix(columns, rows.length);
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < columns; column++) {
                copy.rows[column][row] = rows[row][column];
            }
        }
        return copy;
    }

    /** Adds the product of {@code left} (rows x inner) and {@code right} (inner x columns) to this. */
    public void addProduct(Matrix left, Matrix right) {
        requireShapes(left.rows.length, left.columns, right);
        addCombinations(rows, left.rows, right.rows);
    }

    /** Adds the product of the transposed {@code left} (inner x rows) and {@code right} (inner x columns) to this. */
    public void addTransposedProduct(Matrix left, Matrix right) {
        requireShapes(left.columns, left.rows.length, right);
        addCombinations(rows, left.transposed().rows, right.rows);
    }

    private void requireShapes(int leftRows, int inner, Matrix right) {
        if (leftRows != rows.length || right.columns != columns || right.rows.length != inner) {
            throw new IllegalArgumentException("shapes do not fit: " + leftRows + " x " + inner + " times "
                    + right.rows.length + " x " + right.columns + " into " + rows.length + " x " + columns);
        }
    }

    /**
     * Adds linear combinations of the same rows to several results, four rows at a time, which saves three of four passes over a result. All results
     * take {@value #TILE} rows while the processor has them at hand, and then the next. Factors of zero, half of those behind a rectifier, are left
     * out; they are gathered without a branch that a processor would guess wrong.
     */
    private static void addCombinations(float[][] results, float[][] factors, float[][] sources) {
        int[][] used = new int[results.length][sources.length];
        int[] counts = new int[results.length];
        int most = 0;
        for (int row = 0; row < results.length; row++) {
            counts[row] = gather(factors[row], used[row]);
            most = Math.max(most, counts[row]);
        }
        for (int from = 0; from < most; from += TILE) {
            for (int row = 0; row < results.length; row++) {
                addCombination(
                        results[row], factors[row], sources, used[row], from, Math.min(from + TILE, counts[row]));
            }
        }
    }

    /** Writes the places of the factors that are not zero; returns their number. */
    private static int gather(float[] factors, int[] used) {
        int count = 0;
        for (int i = 0; i < factors.length; i++) {
            used[count] = i;
            count += factors[i] == 0 ? 0 : 1;
        }
        return count;
    }

    private static void addCombination(
            float[] result, float[] factors, float[][] sources, int[] used, int from, int to) {
        int i = from;
        for (; i + 8 <= to; i += 8) {
            add(
                    result,
                    factors[used[i]],
                    sources[used[i]],
                    factors[used[i + 1]],
                    sources[used[i + 1]],
                    factors[used[i + 2]],
                    sources[used[i + 2]],
                    factors[used[i + 3]],
                    sources[used[i + 3]],
                    factors[used[i + 4]],
                    sources[used[i + 4]],
                    factors[used[i + 5]],
                    sources[used[i + 5]],
                    factors[used[i + 6]],
                    sources[used[i + 6]],
                    factors[used[i + 7]],
                    sources[used[i + 7]]);
        }
        for (; i + 4 <= to; i += 4) {
            add(
                    result,
                    factors[used[i]],
                    sources[used[i]],
                    factors[used[i + 1]],
                    sources[used[i + 1]],
                    factors[used[i + 2]],
                    sources[used[i + 2]],
                    factors[used[i + 3]],
                    sources[used[i + 3]]);
        }
        for (; i < to; i++) {
            add(result, factors[used[i]], sources[used[i]]);
        }
    }

    private static void add(float[] result, float factor, float[] source) {
        for (int i = 0; i < result.length; i++) {
            result[i] = Math.fma(factor, source[i], result[i]);
        }
    }

    private static void add(
            float[] result, float a, float[] x, float b, float[] y, float c, float[] z, float d, float[] w) {
        for (int i = 0; i < result.length; i++) {
            result[i] = Math.fma(a, x[i], Math.fma(b, y[i], Math.fma(c, z[i], Math.fma(d, w[i], result[i]))));
        }
    }

    /** As two calls for four, to the bit, with half of the ways to memory. */
    private static void add(
            float[] result,
            float a,
            float[] x,
            float b,
            float[] y,
            float c,
            float[] z,
            float d,
            float[] w,
            float e,
            float[] p,
            float f,
            float[] q,
            float g,
            float[] s,
            float h,
            float[] t) {
        for (int i = 0; i < result.length; i++) {
            float half = Math.fma(a, x[i], Math.fma(b, y[i], Math.fma(c, z[i], Math.fma(d, w[i], result[i]))));
            result[i] = Math.fma(e, p[i], Math.fma(f, q[i], Math.fma(g, s[i], Math.fma(h, t[i], half))));
        }
    }
}
