package pnas.trainer.engine.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.Replay;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Outcome;
import pnas.trainer.Heard;
import pnas.trainer.Jobs;
import pnas.trainer.training.EngineSettings;
import pnas.trainer.training.FinishedEpoch;
import pnas.trainer.training.TrainingEngine;
import pnas.trainer.training.TrainingListener;
import pnas.trainer.training.TrainingTask;
import pnas.trainer.training.TrainingTask.StopReason;

class ReplayEngineTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void answers_from_the_oracle() {
        TrainingJob job = Jobs.oracle("trial", 0);
        assertThat(train(job)).isInstanceOfSatisfying(Outcome.Trained.class, trained -> {
            assertThat(trained.accuracy()).isEqualTo(new Oracle(7).measure(job.cell(), 0.004));
            assertThat(trained.replayed()).isTrue();
            assertThat(trained.trainedBy().engine()).isEqualTo("replay");
        });
    }

    @Test
    void answers_from_a_table_whatever_the_ordering_of_the_cell() throws IOException {
        table("cell,accuracy,seconds\nsep3x3(c-1)+identity(c-2),0.75,0\nmax3x3(c-1)+max3x3(c-1),0.5,0\n");
        assertThat(train(fromTable("table.csv", null)))
                .isInstanceOfSatisfying(
                        Outcome.Trained.class,
                        trained -> assertThat(trained.accuracy()).isEqualTo(0.75));
    }

    @Test
    void takes_the_seconds_of_the_table_unless_the_job_names_others() throws IOException {
        table("cell,accuracy,seconds\nsep3x3(c-1)+identity(c-2),0.75,0.25\n");
        Heard heard = new Heard();
        engine().train(new TrainingTask(fromTable("table.csv", null)), heard);
        assertThat(heard.positions()).hasSizeBetween(1, 3);
        Heard atOnce = new Heard();
        engine().train(new TrainingTask(fromTable("table.csv", 0.0)), atOnce);
        assertThat(atOnce.positions()).isEmpty();
    }

    @Test
    void fails_for_good_where_the_table_lacks_the_cell() throws IOException {
        table("cell,accuracy,seconds\nmax3x3(c-1)+max3x3(c-1),0.5,0\n");
        assertNotInTable(fromTable("table.csv", null), "lacks cell " + Jobs.CELL.id());
    }

    @Test
    void fails_for_good_where_there_is_no_such_table() {
        assertNotInTable(fromTable("other.csv", null), "table other.csv: there is no such file");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            cell,accuracy; line 1: expected the header
            cell,accuracy,seconds\\nsep3x3(c-1)+identity(c-2),0.5; line 2: expected cell,accuracy,seconds, got 2 values
            cell,accuracy,seconds\\nsep3x3(c-1)+identity(c-2),1.5,0; line 2: accuracy must be 0 to 1, got 1.5
            cell,accuracy,seconds\\nsep3x3(c-1)+identity(c-2),NaN,0; line 2: accuracy must be 0 to 1, got NaN
            cell,accuracy,seconds\\nsep3x3(c-1)+identity(c-2),0.5,-1; line 2: seconds must be 0 to 86400
            cell,accuracy,seconds\\nsep3x3(c-1)+identity(c-2),much,0; line 2:
            cell,accuracy,seconds\\nsep9x9(c-1)+identity(c-2),0.5,0; line 2:
            cell,accuracy,seconds\\nsep3x3(c-1)+identity(c-2),0.5,0\\nidentity(c-2)+sep3x3(c-1),0.6,0; line 3: the cell stands in an earlier line
            """)
    void names_table_and_line_of_what_it_cannot_read(String text, String message) throws IOException {
        table(text.replace("\\n", "\n"));
        assertNotInTable(fromTable("table.csv", null), "table table.csv " + message);
    }

    @ParameterizedTest
    @CsvSource({"UTF-8, ','", "UTF-16LE, ;"})
    void reads_a_table_as_spreadsheets_write_it(Charset charset, String separator) throws IOException {
        String text = "\uFEFFcell,accuracy,seconds\r\n\"sep3x3(c-1)+identity(c-2)\",0.75,0\r\n";
        Files.write(folder.resolve("table.csv"), text.replace(",", separator).getBytes(charset));
        assertThat(ReplayTable.read(folder, "table.csv").answer(Jobs.CELL)).isEqualTo(new ReplayAnswer(0.75, 0));
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void fails_for_good_where_a_table_is_no_file_with_anything_in_it() throws IOException, InterruptedException {
        Files.createDirectory(folder.resolve("folder"));
        Files.createFile(folder.resolve("empty"));
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.write(folder.resolve("latin"), new byte[] {'c', (byte) 0xE9});
        assertNotInTable(fromTable("folder", null), "table folder: is a folder");
        assertNotInTable(fromTable("empty", null), "table empty: is empty");
        assertNotInTable(fromTable("pipe", null), "table pipe: is a pipe or a device");
        assertNotInTable(fromTable("latin", null), "table latin: is not UTF-8 text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../table.csv", "/etc/passwd", "a/b.csv", ".hidden", ""})
    void takes_a_table_by_name_only(String name) {
        assertThatThrownBy(() -> ReplayTable.read(folder, name)).hasMessageContaining("a table is a file name");
    }

    @Test
    void refuses_a_job_that_says_nothing_to_replay() {
        assertThatThrownBy(() -> train(Jobs.replay("trial", null)))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TRAINING_IMPOSSIBLE));
    }

    @ParameterizedTest
    @EnumSource(StopReason.class)
    void stops_waiting_when_it_is_asked_to(StopReason reason) {
        TrainingTask task = new TrainingTask(Jobs.oracle("trial", 3600));
        Outcome outcome = engine().train(task, new TrainingListener() {
            @Override
            public void stepped(long step, int epoch) {
                task.stop(reason);
            }

            @Override
            public void finished(FinishedEpoch epoch) {}
        });
        assertThat(outcome)
                .isEqualTo(
                        switch (reason) {
                            case CANCEL -> new Outcome.Cancelled();
                            case RELEASE -> new Outcome.Released(0);
                        });
    }

    private void assertNotInTable(TrainingJob job, String message) {
        assertThatThrownBy(() -> train(job))
                .isInstanceOfSatisfying(PnasException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.NOT_IN_TABLE);
                    assertThat(e.code().kind().isTransient()).isFalse();
                })
                .hasMessageContaining(message);
    }

    private static TrainingJob fromTable(String name, @Nullable Double seconds) {
        return Jobs.replay("trial", new Replay(null, name, seconds));
    }

    private void table(String text) throws IOException {
        Files.writeString(folder.resolve("table.csv"), text);
    }

    private Outcome train(TrainingJob job) {
        return engine().train(new TrainingTask(job), new Heard());
    }

    private TrainingEngine engine() {
        return new ReplayEngineProvider()
                .open(new EngineSettings("auto", folder, Optional.empty(), folder, folder, folder, false));
    }
}
