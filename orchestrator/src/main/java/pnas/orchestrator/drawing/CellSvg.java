package pnas.orchestrator.drawing;

import java.util.List;
import java.util.Locale;
import pnas.cell.Cell;
import pnas.orchestrator.drawing.CellLayout.Frame;
import pnas.orchestrator.drawing.CellLayout.Point;
import pnas.orchestrator.drawing.CellLayout.Rectangle;
import pnas.orchestrator.drawing.CellLayout.Wire;

/**
 * Writes a laid-out cell as SVG. Colours stand in presentation attributes, which a content security policy without inline styles lets through.
 */
final class CellSvg {
    private static final double BEND_RADIUS = 6;
    private static final double ARROW = 4;

    private final Cell cell;
    private final CellLayout layout;
    private final Theme theme;
    private final StringBuilder svg = new StringBuilder();

    private CellSvg(Cell cell, CellLayout layout, Theme theme) {
        this.cell = cell;
        this.layout = layout;
        this.theme = theme;
    }

    static String write(Cell cell, CellLayout layout, Theme theme) {
        return new CellSvg(cell, layout, theme).write();
    }

    private String write() {
        String id = "cell-" + cell.id().hex();
        add(("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"%1$s-title %1$s-text\""
                        + " viewBox=\"0 0 %2$s %3$s\" width=\"%2$s\" height=\"%3$s\""
                        + " font-family=\"ui-sans-serif, system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif\" font-size=\"12\">")
                .formatted(id, number(layout.width()), number(layout.height())));
        add("<title id=\"%s-title\">Cell %s</title>"
                .formatted(id, escape(cell.id().hex())));
        add("<desc id=\"%s-text\">%s</desc>".formatted(id, escape(describe(cell))));
        if (theme != Theme.PAGE) {
            add("<rect width=\"100%%\" height=\"100%%\" fill=\"%s\"/>".formatted(background()));
        }
        layout.frames().forEach(this::frame);
        add("<g fill=\"none\" stroke=\"%s\" stroke-width=\"1.3\">".formatted(faint()));
        layout.wires().forEach(this::wire);
        add("</g>");
        add("<g fill=\"%s\">".formatted(faint()));
        layout.wires().forEach(wire -> arrow(wire.points().getLast()));
        add("</g>");
        add("<g text-anchor=\"middle\" fill=\"%s\" stroke-width=\"1.3\">".formatted(ink()));
        layout.nodes().forEach(this::node);
        add("</g>");
        add("</svg>");
        return svg.toString();
    }

    private static String describe(Cell cell) {
        int blocks = cell.blocks().size();
        return (blocks == 1 ? "1 block, which is the output: " : blocks + " blocks, concatenated: ") + cell.text();
    }

    private void frame(Frame frame) {
        Rectangle place = frame.place();
        add("<rect %s rx=\"8\" fill=\"%s\" stroke=\"%s\"/>"
                .formatted(corners(place), theme.choose("#f6f7f9", "#1a1e26"), theme.choose("#d9dde3", "#343b47")));
        add(String.format(
                Locale.ROOT,
                "<text x=\"%s\" y=\"%s\" font-size=\"11\" fill=\"%s\">b%d</text>",
                number(place.x() + 9),
                number(place.y() + 15),
                theme.choose("#5b6472", "#a3acba"),
                frame.block()));
    }

    private void node(CellLayout.Node node) {
        Rectangle place = node.place();
        switch (node) {
            case CellLayout.Node.CellInput(Rectangle _, var input) -> {
                box(place, place.height() / 2, theme.choose("#e5e8ec", "#2a303b"), faint(), false);
                label(place, input.text());
            }
            case CellLayout.Node.Applied(Rectangle _, var operation) -> {
                OperationFamily family = OperationFamily.of(operation);
                double radius = switch (family.outline()) {
                    case SOLID, DASHED -> 4;
                    case ROUND -> place.height() / 2;
                };
                box(
                        place,
                        radius,
                        family.fill(theme),
                        family.line(theme),
                        family.outline() == OperationFamily.Outline.DASHED);
                label(place, operation.text());
            }
            case CellLayout.Node.Sum(Rectangle _) -> {
                box(place, place.height() / 2, background(), faint(), false);
                label(place, "+");
            }
            case CellLayout.Node.Concatenation(Rectangle _) -> {
                box(place, 4, theme.choose("#e5e8ec", "#2a303b"), faint(), false);
                label(place, cell.blocks().size() == 1 ? "output" : "concatenate");
            }
        }
    }

    private void box(Rectangle place, double radius, String fill, String line, boolean dashed) {
        add("<rect %s rx=\"%s\" fill=\"%s\" stroke=\"%s\"%s/>"
                .formatted(corners(place), number(radius), fill, line, dashed ? " stroke-dasharray=\"4 3\"" : ""));
    }

    private void label(Rectangle place, String text) {
        add("<text x=\"%s\" y=\"%s\" dominant-baseline=\"central\">%s</text>"
                .formatted(number(place.centreX()), number(place.centreY()), escape(text)));
    }

    /** A line whose bends are rounded, as far as the pieces between them are long enough. */
    private void wire(Wire wire) {
        List<Point> points = wire.points();
        StringBuilder path = new StringBuilder("M" + at(points.getFirst()));
        for (int i = 1; i < points.size() - 1; i++) {
            Point bend = points.get(i);
            path.append(" L").append(at(towards(bend, points.get(i - 1))));
            path.append(" Q").append(at(bend)).append(' ').append(at(towards(bend, points.get(i + 1))));
        }
        path.append(" L").append(at(points.getLast()));
        add("<path d=\"%s\"/>".formatted(path));
    }

    private static Point towards(Point from, Point to) {
        double length = Math.hypot(to.x() - from.x(), to.y() - from.y());
        double share = length == 0 ? 0 : Math.min(BEND_RADIUS, length / 2) / length;
        return new Point(from.x() + share * (to.x() - from.x()), from.y() + share * (to.y() - from.y()));
    }

    private void arrow(Point tip) {
        add("<path d=\"M%s L%s L%s Z\"/>"
                .formatted(
                        at(tip),
                        at(new Point(tip.x() - ARROW, tip.y() - 1.6 * ARROW)),
                        at(new Point(tip.x() + ARROW, tip.y() - 1.6 * ARROW))));
    }

    private String background() {
        return theme.choose("#ffffff", "#12151b");
    }

    private String ink() {
        return theme.choose("#16191f", "#eceff4");
    }

    private String faint() {
        return theme.choose("#6b7280", "#9ca3af");
    }

    private static String corners(Rectangle place) {
        return "x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\""
                .formatted(number(place.x()), number(place.y()), number(place.width()), number(place.height()));
    }

    private static String at(Point point) {
        return number(point.x()) + " " + number(point.y());
    }

    /** At most two decimals, none where they are zero. */
    private static String number(double value) {
        double rounded = Math.round(value * 100) / 100.0;
        return rounded == Math.rint(rounded)
                ? Long.toString((long) rounded)
                : String.format(Locale.ROOT, "%.2f", rounded);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private void add(String element) {
        svg.append(element).append('\n');
    }
}
