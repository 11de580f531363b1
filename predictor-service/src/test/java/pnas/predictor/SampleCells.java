package pnas.predictor;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import pnas.cell.Block;
import pnas.cell.Branch;
import pnas.cell.Cell;
import pnas.cell.Input;
import pnas.cell.Operation;
import pnas.message.RankingRequest.Observation;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.encoding.Candidates.Family;

/** Cells, observations and candidates drawn at random. */
public final class SampleCells {
    private SampleCells() {}

    /** A cell whose branches are drawn uniformly. */
    public static Cell cell(int blocks, RandomGenerator random) {
        return new Cell(IntStream.range(0, blocks)
                .mapToObj(earlier -> new Block(branch(earlier, random), branch(earlier, random)))
                .toList());
    }

    private static Branch branch(int earlier, RandomGenerator random) {
        Operation[] operations = Operation.values();
        return new Branch(operations[random.nextInt(operations.length)], new Input(random.nextInt(2 + earlier)));
    }

    /** Cells of each of these sizes with made-up accuracies that depend on operations and inputs; every fifteenth diverged. */
    public static List<Observation> observations(int perStage, int stages, RandomGenerator random) {
        List<Observation> observations = new ArrayList<>();
        for (int i = 0; i < perStage * stages; i++) {
            Cell cell = cell(1 + i / perStage, random);
            double worth = cell.blocks().stream()
                    .mapToDouble(block -> worth(block.left()) + worth(block.right()))
                    .average()
                    .orElseThrow();
            boolean diverged = i % 15 == 14;
            observations.add(new Observation(
                    cell, cell.blocks().size(), diverged ? null : 0.5 + 0.2 * worth + 0.02 * random.nextDouble()));
        }
        return observations;
    }

    private static double worth(Branch branch) {
        String name = branch.operation().text();
        return (name.startsWith("sep") ? 1 : 0.3) * (branch.input().isBlock() ? 0.6 : 1);
    }

    /** All children of some random parents. */
    public static Candidates candidates(int blocks, int parents, RandomGenerator random) {
        List<Block> children = children(blocks - 1);
        return new Candidates(
                blocks,
                IntStream.range(0, parents)
                        .mapToObj(i -> new Family(cell(blocks - 1, random).canonical(), children))
                        .toList());
    }

    /** Every block, with its branches in canonical order, that a cell of this size can be extended by. */
    public static List<Block> children(int size) {
        List<Branch> branches = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            for (int input = 0; input < 2 + size; input++) {
                branches.add(new Branch(operation, new Input(input)));
            }
        }
        return branches.stream()
                .flatMap(left -> branches.stream().map(right -> new Block(left, right)))
                .filter(block -> block.canonical().equals(block))
                .toList();
    }
}
