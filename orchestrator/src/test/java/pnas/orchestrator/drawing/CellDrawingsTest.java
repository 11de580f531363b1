package pnas.orchestrator.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import pnas.cell.Cell;
import pnas.cell.Operation;

final class CellDrawingsTest {
    private static final Cell CELL =
            Cell.parse("identity(c-1)+sep3x3(c-2) | conv1x7_7x1(b1)+dil3x3(c-1) | avg3x3(b1)+max3x3(b2)");

    private final CellDrawings drawings = new CellDrawings();

    @Test
    void shows_every_input_operation_block_and_the_concatenation_as_text() throws Exception {
        assertThat(texts(drawings.svg(CELL, Theme.LIGHT)))
                .containsExactlyInAnyOrder(
                        "c-1",
                        "c-2",
                        "b1",
                        "b2",
                        "b3",
                        "+",
                        "+",
                        "+",
                        "identity",
                        "sep3x3",
                        "conv1x7_7x1",
                        "dil3x3",
                        "avg3x3",
                        "max3x3",
                        "concatenate");
    }

    @Test
    void says_in_words_what_is_drawn() throws Exception {
        Document svg = parse(drawings.svg(CELL, Theme.PAGE));

        assertThat(svg.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("Cell " + CELL.id().hex());
        assertThat(svg.getElementsByTagName("desc").item(0).getTextContent())
                .isEqualTo("3 blocks, concatenated: " + CELL.canonical().text());
        assertThat(svg.getDocumentElement().getAttribute("aria-labelledby"))
                .isEqualTo(
                        "cell-" + CELL.id().hex() + "-title cell-" + CELL.id().hex() + "-text");
    }

    @Test
    void draws_every_operation_alone() throws Exception {
        for (Operation operation : Operation.values()) {
            Cell cell = Cell.parse(operation.text() + "(c-1)+" + operation.text() + "(c-2)");

            assertThat(texts(drawings.svg(cell, Theme.DARK))).contains(operation.text(), "output");
        }
    }

    @Test
    void draws_all_orderings_of_a_cell_alike_and_every_time_the_same() {
        Cell reordered = Cell.parse("sep3x3(c-2)+identity(c-1) | dil3x3(c-1)+conv1x7_7x1(b1) | max3x3(b2)+avg3x3(b1)");

        assertThat(drawings.svg(reordered, Theme.LIGHT))
                .isEqualTo(drawings.svg(CELL, Theme.LIGHT))
                .isEqualTo(new CellDrawings().svg(CELL, Theme.LIGHT));
    }

    @Test
    void has_the_colours_of_its_theme_and_leaves_the_choice_to_the_page() {
        assertThat(drawings.svg(CELL, Theme.LIGHT)).contains("#ffffff").doesNotContain("light-dark", "#12151b");
        assertThat(drawings.svg(CELL, Theme.DARK)).contains("#12151b").doesNotContain("light-dark", "#16191f");
        assertThat(drawings.svg(CELL, Theme.PAGE)).contains("light-dark(#ffffff, #12151b)");
    }

    @Test
    void needs_no_inline_style_or_script() {
        for (Theme theme : Theme.values()) {
            assertThat(drawings.svg(CELL, theme)).doesNotContain("style=", "<style", "<script", "href");
        }
    }

    private static List<String> texts(String svg) throws Exception {
        NodeList elements = parse(svg).getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < elements.getLength(); i++) {
            texts.add(elements.item(i).getTextContent());
        }
        return texts;
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }
}
