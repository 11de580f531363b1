package pnas.cell;

/**
 * One half of a block.
 *
 * @param operation what is done
 * @param input to what
 */
public record Branch(Operation operation, Input input) {
    /** For instance {@code sep3x3(c-1)}. */
    public String text() {
        return operation.text() + "(" + input.text() + ")";
    }

    @Override
    public String toString() {
        return text();
    }
}
