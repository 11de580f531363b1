package pnas.orchestrator.drawing;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.elk.alg.layered.options.FixedAlignment;
import org.eclipse.elk.alg.layered.options.LayerConstraint;
import org.eclipse.elk.alg.layered.options.LayeredMetaDataProvider;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.core.RecursiveGraphLayoutEngine;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.math.KVector;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.options.HierarchyHandling;
import org.eclipse.elk.core.options.SizeConstraint;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.core.util.ElkUtil;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;
import pnas.cell.Block;
import pnas.cell.Branch;
import pnas.cell.Cell;
import pnas.cell.Input;
import pnas.cell.Operation;

/**
 * Where everything of a drawn cell stands, in pixels from the upper left corner; data flows downwards. The same cell is always laid out alike.
 *
 * @param width width of the drawing
 * @param height height of the drawing
 * @param frames one for each block, in their order
 * @param nodes inputs, operations, sums and the concatenation
 * @param wires what flows from node to node
 */
record CellLayout(double width, double height, List<Frame> frames, List<Node> nodes, List<Wire> wires) {
    private static final double OPERATION_WIDTH = 96;
    private static final double BOX_HEIGHT = 28;
    private static final double SUM_SIZE = 22;
    private static final double INPUT_WIDTH = 56;
    private static final double OUTPUT_WIDTH = 120;
    private static final double FRAME_PADDING = 10;
    private static final double FRAME_TITLE = 22;
    private static final double MARGIN = 8;

    static {
        LayoutMetaDataService.getInstance().registerLayoutMetaDataProviders(new LayeredMetaDataProvider());
    }

    CellLayout {
        frames = List.copyOf(frames);
        nodes = List.copyOf(nodes);
        wires = List.copyOf(wires);
    }

    /** A rectangle: its upper left corner and its size. */
    record Rectangle(double x, double y, double width, double height) {
        double centreX() {
            return x + width / 2;
        }

        double centreY() {
            return y + height / 2;
        }
    }

    /** The frame around a block. */
    record Frame(Rectangle place, int block) {}

    /** Something that data flows through. */
    sealed interface Node {
        Rectangle place();

        /** An output of one of the two cells before. */
        record CellInput(Rectangle place, Input input) implements Node {}

        /** An operation of a block. */
        record Applied(Rectangle place, Operation operation) implements Node {}

        /** The sum of a block's two branches. */
        record Sum(Rectangle place) implements Node {}

        /** The concatenation of all blocks: the output of the cell. */
        record Concatenation(Rectangle place) implements Node {}
    }

    /** A line with right-angled bends, from the upper end to the lower one. */
    record Wire(List<Point> points) {
        Wire {
            points = List.copyOf(points);
        }
    }

    /** A place. */
    record Point(double x, double y) {}

    /** Lays a cell out, its blocks in the order that the cell has them. */
    static CellLayout of(Cell cell) {
        Graph graph = new Graph(cell);
        new RecursiveGraphLayoutEngine().layout(graph.root, new BasicProgressMonitor());
        return graph.read(cell);
    }

    /** The cell as ELK sees it. */
    private static final class Graph {
        private final ElkNode root = ElkGraphUtil.createGraph();
        private final List<ElkNode> inputs = new ArrayList<>();
        private final List<ElkNode> frames = new ArrayList<>();
        private final List<List<ElkNode>> operations = new ArrayList<>();
        private final List<ElkNode> sums = new ArrayList<>();
        private final ElkNode concatenation;
        private final List<ElkEdge> edges = new ArrayList<>();

        Graph(Cell cell) {
            root.setProperty(CoreOptions.ALGORITHM, LayeredOptions.ALGORITHM_ID);
            root.setProperty(CoreOptions.HIERARCHY_HANDLING, HierarchyHandling.INCLUDE_CHILDREN);
            root.setProperty(CoreOptions.DIRECTION, Direction.DOWN);
            root.setProperty(CoreOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
            root.setProperty(CoreOptions.RANDOM_SEED, 1);
            root.setProperty(CoreOptions.PADDING, new ElkPadding(MARGIN));
            arrange(root);
            for (Input input : List.of(Input.BEFORE_PREVIOUS, Input.PREVIOUS)) {
                ElkNode node = node(root, INPUT_WIDTH, BOX_HEIGHT, input.text());
                node.setProperty(LayeredOptions.LAYERING_LAYER_CONSTRAINT, LayerConstraint.FIRST);
                inputs.add(node);
            }
            cell.blocks().forEach(this::add);
            concatenation = node(root, OUTPUT_WIDTH, BOX_HEIGHT, "concatenation");
            concatenation.setProperty(LayeredOptions.LAYERING_LAYER_CONSTRAINT, LayerConstraint.LAST);
            sums.forEach(sum -> connect(sum, concatenation));
        }

        private void add(Block block) {
            ElkNode frame = node(root, 0, 0, "block");
            frame.setProperty(CoreOptions.NODE_SIZE_CONSTRAINTS, EnumSet.noneOf(SizeConstraint.class));
            frame.setProperty(
                    CoreOptions.PADDING, new ElkPadding(FRAME_TITLE, FRAME_PADDING, FRAME_PADDING, FRAME_PADDING));
            arrange(frame);
            List<ElkNode> pair = new ArrayList<>();
            ElkNode sum = node(frame, SUM_SIZE, SUM_SIZE, "sum");
            for (Branch branch : List.of(block.left(), block.right())) {
                ElkNode operation = node(
                        frame, OPERATION_WIDTH, BOX_HEIGHT, branch.operation().text());
                connect(source(branch.input()), operation);
                connect(operation, sum);
                pair.add(operation);
            }
            frames.add(frame);
            operations.add(pair);
            sums.add(sum);
        }

        private ElkNode source(Input input) {
            return input.isBlock() ? sums.get(input.blockNumber() - 1) : inputs.get(1 - input.index());
        }

        private void connect(ElkNode from, ElkNode to) {
            edges.add(ElkGraphUtil.createSimpleEdge(from, to));
        }

        private static ElkNode node(ElkNode parent, double width, double height, String name) {
            ElkNode node = ElkGraphUtil.createNode(parent);
            node.setIdentifier(name);
            node.setDimensions(width, height);
            return node;
        }

        private static void arrange(ElkNode parent) {
            parent.setProperty(LayeredOptions.MERGE_EDGES, true);
            parent.setProperty(LayeredOptions.NODE_PLACEMENT_BK_FIXED_ALIGNMENT, FixedAlignment.BALANCED);
            parent.setProperty(LayeredOptions.SPACING_NODE_NODE, 14.0);
            parent.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, 20.0);
            parent.setProperty(LayeredOptions.SPACING_EDGE_NODE, 12.0);
            parent.setProperty(LayeredOptions.SPACING_EDGE_EDGE, 8.0);
            parent.setProperty(LayeredOptions.SPACING_EDGE_NODE_BETWEEN_LAYERS, 10.0);
            parent.setProperty(LayeredOptions.SPACING_EDGE_EDGE_BETWEEN_LAYERS, 8.0);
        }

        private CellLayout read(Cell cell) {
            List<Frame> placedFrames = new ArrayList<>();
            List<Node> nodes = new ArrayList<>();
            nodes.add(new Node.CellInput(place(inputs.get(0)), Input.BEFORE_PREVIOUS));
            nodes.add(new Node.CellInput(place(inputs.get(1)), Input.PREVIOUS));
            for (int i = 0; i < frames.size(); i++) {
                Block block = cell.blocks().get(i);
                placedFrames.add(new Frame(place(frames.get(i)), i + 1));
                nodes.add(new Node.Applied(
                        place(operations.get(i).get(0)), block.left().operation()));
                nodes.add(new Node.Applied(
                        place(operations.get(i).get(1)), block.right().operation()));
                nodes.add(new Node.Sum(place(sums.get(i))));
            }
            nodes.add(new Node.Concatenation(place(concatenation)));
            List<Wire> wires = edges.stream().map(Graph::wire).toList();
            return new CellLayout(root.getWidth(), root.getHeight(), placedFrames, nodes, wires);
        }

        private static Rectangle place(ElkNode node) {
            KVector corner = ElkUtil.absolutePosition(node);
            return new Rectangle(corner.x, corner.y, node.getWidth(), node.getHeight());
        }

        private static Wire wire(ElkEdge edge) {
            ElkEdgeSection section = edge.getSections().getFirst();
            KVector origin = ElkUtil.absolutePosition(edge.getContainingNode());
            List<Point> points = new ArrayList<>();
            points.add(new Point(origin.x + section.getStartX(), origin.y + section.getStartY()));
            section.getBendPoints()
                    .forEach(bend -> points.add(new Point(origin.x + bend.getX(), origin.y + bend.getY())));
            points.add(new Point(origin.x + section.getEndX(), origin.y + section.getEndY()));
            return new Wire(points);
        }
    }
}
