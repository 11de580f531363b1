package pnas.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.cell.Cell;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.trial.Trials;

class TrialCsvTest {
    private static final Cell CELL = Cell.parse("identity(c-1)+sep3x3(c-2)");

    @Test
    void names_its_columns() throws IOException {
        StringBuilder out = new StringBuilder();
        TrialCsv.writeHeader(out);
        assertThat(out)
                .hasToString(
                        "stage,rank,cell,id,state,accuracy,predicted,parameters,multiplyAdds,seconds,worker,device,"
                                + "attempts,replayed,cause,reusedFrom,cellId,counted,setAside,repeat\r\n");
    }

    @Test
    void writes_a_result() throws IOException {
        assertThat(line(0.961, -0.25, "trainer-1", null, "A CPU"))
                .isEqualTo(
                        "1,3,identity(c-1)+sep3x3(c-2),k3m9q2xa-67dab768b4d66c13,TRAINED,0.961,-0.25,12345,2345678,2.5,"
                                + "trainer-1,A CPU,2,false,,,67dab768b4d66c13,TRAINED,false,0\r\n");
    }

    @Test
    void leaves_empty_what_is_not_known() throws IOException {
        assertThat(line(null, null, null, null, null))
                .isEqualTo(
                        "1,3,identity(c-1)+sep3x3(c-2),k3m9q2xa-67dab768b4d66c13,FAILED,,,12345,2345678,,,,2,false,,,67dab768b4d66c13,FAILED,false,0\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"`a, b`, `\"a, b\"`", "`say \"x\"`, `\"say \"\"x\"\"\"`", "plain, plain"})
    void quotes_what_would_break_a_line(String cause, String field) throws IOException {
        assertThat(line(null, null, "w", cause, null)).endsWith("," + field + ",,67dab768b4d66c13,FAILED,false,0\r\n");
    }

    @Test
    void quotes_line_ends() throws IOException {
        assertThat(line(null, null, "w", "two\nlines", null)).contains(",\"two\nlines\",,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@sum(a1)", "\t=1"})
    void nothing_that_somebody_named_becomes_a_formula(String name) throws IOException {
        assertThat(line(null, null, name, null, name)).contains(",'" + name + ",'" + name + ",2,");
    }

    private static String line(
            @Nullable Double accuracy,
            @Nullable Double predicted,
            @Nullable String worker,
            @Nullable String cause,
            @Nullable String device)
            throws IOException {
        StringBuilder out = new StringBuilder();
        TrialCsv.write(
                out,
                new Trials.Exported(
                        new TrialSummary(
                                "k3m9q2xa-67dab768b4d66c13",
                                "67dab768b4d66c13",
                                CELL,
                                1,
                                0,
                                3,
                                predicted,
                                accuracy == null ? TrialState.FAILED : TrialState.TRAINED,
                                accuracy == null ? TrialKind.FAILED : TrialKind.TRAINED,
                                cause,
                                2,
                                accuracy,
                                12_345,
                                2_345_678,
                                worker,
                                accuracy == null ? null : 2.5,
                                false,
                                null,
                                false,
                                Instant.EPOCH,
                                null,
                                null),
                        device));
        return out.toString();
    }
}
