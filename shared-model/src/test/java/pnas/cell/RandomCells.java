package pnas.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Cells drawn block by block, uniform over ordered cells. Few operations and inputs make twins and ties frequent. */
public final class RandomCells {
    private RandomCells() {}

    public static Cell draw(int blocks, List<Operation> operations, RandomGenerator random) {
        List<Block> drawn = new ArrayList<>();
        for (int b = 0; b < blocks; b++) {
            drawn.add(new Block(branch(b, operations, random), branch(b, operations, random)));
        }
        return new Cell(drawn);
    }

    private static Branch branch(int earlierBlocks, List<Operation> operations, RandomGenerator random) {
        return new Branch(
                operations.get(random.nextInt(operations.size())), new Input(random.nextInt(2 + earlierBlocks)));
    }
}
