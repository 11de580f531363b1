package pnas.orchestrator.specification;

import java.util.Collections;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.message.DataSet;
import pnas.message.Messages;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.network.NetworkBuilder;
import pnas.network.Node;
import pnas.orchestrator.specification.Specification.Line;

/**
 * What is made of a cell.
 *
 * @param layout the plan of stem and cells
 * @param repetitions the paper's N
 * @param filters the paper's F
 */
public record NetworkShape(Layout.Kind layout, int repetitions, int filters) {
    /** See {@link NetworkShape}. */
    public record Draft(
            @Nullable String layout,
            @Nullable Integer repetitions,
            @Nullable Integer filters) {}

    static NetworkShape read(Given<Draft> given) {
        Problems problems = given.problems();
        Layout.Kind layout = problems.constant("layout", given.value(Draft::layout), Layout.Kind.CIFAR);
        return new NetworkShape(
                layout,
                problems.between(
                        "repetitions",
                        given.value(Draft::repetitions, Layout.DEFAULT_REPETITIONS),
                        1,
                        Layout.MAX_REPETITIONS),
                problems.between(
                        "filters",
                        given.value(Draft::filters, Layout.DEFAULT_FILTERS),
                        layout == Layout.Kind.IMAGENET ? 4 : 1,
                        Layout.MAX_FILTERS));
    }

    /** Each stride halves the image, rounding up; one that meets a single pixel halves nothing. */
    void requireImage(ImageShape image, Problems problems) {
        int halvings = switch (layout) {
            case CIFAR, SLIDES -> 2;
            case IMAGENET -> 5;
        };
        int least = (1 << (halvings - 1)) + 1;
        if (Math.min(image.height(), image.width()) < least) {
            problems.add(
                    "layout",
                    Messages.text(layout) + " halves the image " + halvings
                            + " times and needs one of at least " + least + "x" + least + ", got " + image.height()
                            + "x" + image.width());
        }
    }

    /** A feature map of a batch has no more numbers than an index counts, not even where a cell concatenates all of its blocks. */
    void requireIndex(String field, int blocks, int batch, DataSet data, Problems problems) {
        Cell widest = Cell.parse(String.join(" | ", Collections.nCopies(blocks, "identity(c-1)+identity(c-1)")));
        ImageShape largest = NetworkBuilder.build(widest, plan(), data.image(), data.classes(), 0).nodes().stream()
                .map(Node::output)
                .max(Comparator.comparingLong(shape -> shape.area() * shape.channels()))
                .orElseThrow();
        if (largest.area() * largest.channels() > Integer.MAX_VALUE / batch) {
            problems.add(
                    field,
                    "a feature map of " + batch + " images must have at most " + Integer.MAX_VALUE + " numbers, and "
                            + blocks + " blocks of " + filters + " filters make one of " + largest
                            + " of each: fewer filters or blocks, a smaller batch or image fit");
        }
    }

    /** The layout with its sizes. */
    public Layout plan() {
        return new Layout(layout, repetitions, filters);
    }

    Line line() {
        return new Line("NetworkShape", Messages.text(layout) + ", N = " + repetitions + ", F = " + filters);
    }
}
