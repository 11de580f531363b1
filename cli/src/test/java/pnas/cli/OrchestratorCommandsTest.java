package pnas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Json;
import pnas.cli.screen.Screen;
import pnas.process.JavaCommand;

class OrchestratorCommandsTest {
    private RecordedOrchestrator orchestrator;

    @BeforeEach
    void listen() throws IOException {
        orchestrator = new RecordedOrchestrator();
    }

    @AfterEach
    void close() {
        orchestrator.close();
    }

    @Test
    void list_shows_the_experiments_of_all_pages() {
        orchestrator
                .on("GET /api/v1/experiments?pageSize=1000", 200, "list-page-1.json")
                .on("GET /api/v1/experiments?pageSize=1000&pageToken=older%20than%20k3", 200, "list-page-2.json");

        CommandRun run = pnas("list");

        assertThat(run.status()).isEqualTo(ExitStatus.DONE);
        assertThat(run.out().lines())
                .hasSize(3)
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches(
                                        "ID +NAME +STATE +TRAINED +PLANNED +OTHERS +CONFIRMED +BEST OF STAGE +BEST OF ALL +CREATED"),
                        line -> assertThat(line)
                                .matches("k3m9q2xa +demo +RUNNING +139 +152 +.* +- +- +- +2026-03-01 ..:.."),
                        line -> assertThat(line)
                                .matches(
                                        "a1b2c3d4 +first +COMPLETED +144 +144 +- +- +0.9610 \\(2\\) +0.9731 \\(1\\) +2026-03-01 ..:.."));
    }

    @Test
    void json_is_what_the_orchestrator_sent() throws JsonProcessingException {
        orchestrator.on("GET /api/v1/experiments/k3m9q2xa", 200, "completed.json");

        CommandRun run = pnas("show", "k3m9q2xa", "-o", "json");

        assertThat(Json.parse(run.out())).isEqualTo(Json.parse(CommandRun.resource("completed.json")));
    }

    @Test
    void show_draws_the_stages_and_the_best_cell() {
        orchestrator.on("GET /api/v1/experiments/k3m9q2xa", 200, "completed.json");

        assertThat(pnas("show", "k3m9q2xa").out()).isEqualTo("""
                        demo (k3m9q2xa): completed
                        stage 1  ██████████████████████████████  136 of 136 trained  best 0.9731
                        stage 2  ██████████████████████████████  8 of 8 trained  best 0.9610
                        144 of 144 trained, best of stage 2: 0.9610, best of all stages: 0.9731 in stage 1

                        Best of stage 2: validation accuracy 0.9610, 12,345 parameters, 2,345,678 multiply-adds
                          identity(c-1)+sep3x3(c-2) | max3x3(c-1)+sep7x7(b1)

                          c-1 ── identity ──┐
                          c-2 ── sep3x3 ────┴── b1 ──┐
                          c-1 ── max3x3 ────┐        │
                          b1  ── sep7x7 ────┴── b2 ──┴── output

                        Best of all stages, in stage 1: validation accuracy 0.9731, 10,345 parameters, 2,045,678 multiply-adds
                          sep3x3(c-1)+sep3x3(c-2)
                        Page: %s/experiments/k3m9q2xa
                        """.formatted(orchestrator.url()));
    }

    @Test
    void watch_follows_until_the_end_and_is_done() {
        orchestrator
                .on("GET /api/v1/experiments/k3m9q2xa", 200, "running.json")
                .on("GET /api/v1/experiments/k3m9q2xa", 200, "completed.json");

        CommandRun run = pnas("watch", "k3m9q2xa");

        assertThat(run.status()).isEqualTo(ExitStatus.DONE);
        assertThat(run.out().lines().limit(2))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("stage 2 of 3 trains: 139 of 152 trained"),
                        line -> assertThat(line).startsWith("completed: 144 of 144 trained"));
        assertThat(run.out())
                .contains("Best of stage 2: validation accuracy 0.9610")
                .doesNotContain("\033");
    }

    /** In the real process, since a signal is for one. The process that starts these tests may ignore it, which would be handed on. */
    @Test
    @Timeout(60)
    void ctrl_c_leaves_the_search_alone_and_says_how_to_come_back() throws IOException, InterruptedException {
        orchestrator.on("GET /api/v1/experiments/k3m9q2xa", 200, "running.json");
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(JavaCommand.of(
                List.of(),
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        Pnas.class.getName(),
                        "watch",
                        "k3m9q2xa",
                        "--url",
                        orchestrator.url())));
        Process watch = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader printed = watch.inputReader(StandardCharsets.UTF_8)) {
            assertThat(printed.readLine()).contains("139 of 152 trained");
            assertThat(new ProcessBuilder("kill", "-INT", Long.toString(watch.pid()))
                            .start()
                            .waitFor())
                    .isZero();

            assertThat(printed.readAllAsString())
                    .contains("The search goes on. Come back to it with:", " watch k3m9q2xa");
            assertThat(watch.waitFor()).isEqualTo(130);
        } finally {
            watch.destroyForcibly();
        }
        assertThat(orchestrator.requests())
                .extracting(RecordedOrchestrator.Request::line)
                .containsOnly("GET /api/v1/experiments/k3m9q2xa");
    }

    @Test
    void watch_draws_over_its_lines_on_a_terminal() {
        orchestrator
                .on("GET /api/v1/experiments/k3m9q2xa", 200, "running.json")
                .on("GET /api/v1/experiments/k3m9q2xa", 200, "completed.json");

        CommandRun run = CommandRun.on(
                new Screen(true, 100, false),
                Path.of("no-such-install"),
                "watch",
                "k3m9q2xa",
                "--url",
                orchestrator.url());

        assertThat(run.out()).containsPattern("139 of 152 trained(?s:.*)\033\\[[5-9]A(?s:.*)144 of 144 trained");
    }

    @Test
    void demo_says_first_what_it_will_do_and_last_what_is_next() {
        orchestrator
                .on("POST /api/v1/experiments", 201, "running.json")
                .on("GET /api/v1/experiments/k3m9q2xa", 200, "completed.json");

        CommandRun run = pnas("demo");

        assertThat(run.status()).isEqualTo(ExitStatus.DONE);
        assertThat(run.out())
                .startsWith("This searches a building block for networks that read hand-written digits")
                .containsSubsequence(
                        "It takes about two minutes on two cores.",
                        "Best of stage 2: ",
                        "What next, in another terminal:",
                        "pnas model k3m9q2xa -f best.safetensors --url " + orchestrator.url());
    }

    @Test
    void a_table_that_is_wider_than_the_terminal_goes_on_below_and_a_program_gets_a_line_a_row() {
        orchestrator.on("GET /api/v1/experiments?pageSize=1000", 200, "list-page-2.json");

        CommandRun run = CommandRun.on(
                new Screen(true, 60, false), Path.of("no-such-install"), "list", "--url", orchestrator.url());

        assertThat(run.out().lines())
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(60));
        assertThat(pnas("list").out()).hasLineCount(2);
    }

    @Test
    void watch_of_an_experiment_that_failed_tells_the_cause_and_fails() {
        orchestrator.on("GET /api/v1/experiments/k3m9q2xa", 200, "failed.json");

        CommandRun run = pnas("watch", "k3m9q2xa");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.out()).contains("0 of 144 trained, 136 failed", "Nothing could be trained: 136 failed.");
    }

    @Test
    void watch_of_a_search_that_stopped_without_a_result_fails() {
        orchestrator.on("GET /api/v1/experiments/k3m9q2xa", 200, "stopped.json");

        CommandRun run = pnas("watch", "k3m9q2xa");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.out()).contains("0 of 144 trained, 136 cancelled", "No cell was measured.");
    }

    @Test
    void watch_as_json_keeps_its_progress_off_the_document() throws JsonProcessingException {
        orchestrator
                .on("GET /api/v1/experiments/k3m9q2xa", 200, "running.json")
                .on("GET /api/v1/experiments/k3m9q2xa", 200, "completed.json");

        CommandRun run = pnas("watch", "k3m9q2xa", "-o", "json");

        assertThat(Json.parse(run.out()).path("state").asText()).isEqualTo("COMPLETED");
        assertThat(run.err()).contains("139 of 152 trained");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume", "cancel"})
    void a_change_is_posted_as_json(String verb) {
        orchestrator.on("POST /api/v1/experiments/k3m9q2xa:" + verb, 200, "running.json");

        CommandRun run = pnas(verb, "k3m9q2xa");

        assertThat(run).isEqualTo(new CommandRun(ExitStatus.DONE, "k3m9q2xa is running now\n", ""));
        assertThat(orchestrator.requests()).singleElement().satisfies(request -> {
            assertThat(request.contentType()).isEqualTo("application/json");
            assertThat(request.body()).isEqualTo("{}");
        });
    }

    @Test
    void extend_posts_what_is_raised() throws JsonProcessingException {
        orchestrator.on("POST /api/v1/experiments/k3m9q2xa:extend", 200, "running.json");

        CommandRun run = pnas("extend", "k3m9q2xa", "--blocks", "4", "--budget-trainings", "50");

        assertThat(run.status()).isEqualTo(ExitStatus.DONE);
        assertThat(run.out()).startsWith("k3m9q2xa goes on: 139 of 152 trained");
        assertThat(Json.parse(orchestrator.requests().getFirst().body()))
                .isEqualTo(Json.parse("{\"blocks\": 4, \"budget\": {\"trainings\": 50}}"));
    }

    @Test
    void retry_is_posted_for_all_that_failed_or_for_one_cell() {
        orchestrator.on("POST /api/v1/experiments/k3m9q2xa:retry", 200, "running.json");
        orchestrator.on("POST /api/v1/experiments/k3m9q2xa/trials/00c0ffee00c0ffee:retry", 200, "running.json");

        for (CommandRun run :
                List.of(pnas("retry", "k3m9q2xa"), pnas("retry", "k3m9q2xa", "--cell", "00c0ffee00c0ffee"))) {
            assertThat(run.status()).isEqualTo(ExitStatus.DONE);
            assertThat(run.out()).startsWith("k3m9q2xa goes on: 139 of 152 trained");
        }
        assertThat(orchestrator.requests()).hasSize(2);
    }

    @Test
    void a_change_that_the_state_forbids_fails_with_the_reason() {
        orchestrator.on("POST /api/v1/experiments/k3m9q2xa:pause", 409, "state-forbids.json");

        CommandRun run = pnas("pause", "k3m9q2xa");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("k3m9q2xa is COMPLETED and cannot be paused");
    }

    @Test
    void an_unknown_experiment_fails_with_its_id() {
        orchestrator.on("GET /api/v1/experiments/k3m9q2xb", 404, "not-found.json");

        CommandRun run = pnas("show", "k3m9q2xb");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("there is no experiment k3m9q2xb");
    }

    @Test
    void an_id_cannot_lead_to_another_resource() {
        CommandRun run = pnas("show", "../workers");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(orchestrator.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.line()).isEqualTo("GET /api/v1/experiments/..%2Fworkers"));
    }

    @Test
    void what_is_confirmed_under_other_seeds_stands_first_and_is_the_result() {
        orchestrator
                .on("GET /api/v1/experiments/k3m9q2xa", 200, "confirmed.json")
                .on("GET /api/v1/experiments/k3m9q2xa/best?top=5", 200, "best-confirmed.json");

        assertThat(pnas("best", "k3m9q2xa").out()).startsWith("""
                Confirmed best:
                MEAN             SEEDS  FIRST MEASURED  STAGE  ID                CELL
                0.9542 ± 0.0061      3          0.9731      1  0123456789abcdef  sep3x3(c-1)+sep3x3(c-2)

                Best of stage 2:
                """);
        assertThat(pnas("show", "k3m9q2xa").out())
                .contains(
                        "confirmed best: 0.9542 ± 0.0061, best of stage 2: 0.9610",
                        "Confirmed best: 0.9542 ± 0.0061 under 3 other seeds, first measured 0.9610; 12,345 parameters,",
                        "Best of stage 2: validation accuracy 0.9610")
                .doesNotContain("unconfirmed");
    }

    @Test
    void best_lists_cells_with_prediction_and_cost() {
        orchestrator.on("GET /api/v1/experiments/k3m9q2xa/best?top=2", 200, "best.json");

        assertThat(pnas("best", "k3m9q2xa", "--top", "2").out()).isEqualTo("""
                        Best of stage 2:
                        ACCURACY  PREDICTED  PARAMETERS  MULTIPLY-ADDS  STAGE  ID                CELL
                          0.9610     0.9550      12,345      2,345,678      2  67dab768b4d66c13  identity(c-1)+sep3x3(c-2) | max3x3(c-1)+sep7x7(b1)
                          0.9593          -      12,345      2,345,678      2  67dab768b4d66c13  identity(c-1)+sep3x3(c-2) | max3x3(c-1)+sep7x7(b1)  (replayed)

                        Best of all stages:
                        ACCURACY  PREDICTED  PARAMETERS  MULTIPLY-ADDS  STAGE  ID                CELL
                          0.9731          -      10,345      2,045,678      1  0123456789abcdef  sep3x3(c-1)+sep3x3(c-2)
                        """);
    }

    @Test
    void workers_lists_trainers_and_what_they_train() {
        assertThat(pnas("workers").out()).isEqualTo("""
                        TRAINER    STATE   ENGINE        DEVICE      TRAINS
                        trainer-1  ALIVE   torch 2.10.0  Intel Xeon  k3m9q2xa-67dab768b4d66c13
                        trainer-2  SILENT  torch 2.10.0  Intel Xeon  -
                        """);
    }

    @Test
    void search_submits_the_flags_and_says_how_to_follow() throws JsonProcessingException {
        orchestrator.on("POST /api/v1/experiments", 201, "running.json");

        CommandRun run = pnas("search", "--preset", "demo", "--beam", "4");

        assertThat(run.status()).isEqualTo(ExitStatus.DONE);
        assertThat(run.out())
                .contains(
                        "k3m9q2xa",
                        "up to 152 trainings",
                        orchestrator.url() + "/experiments/k3m9q2xa",
                        "pnas watch k3m9q2xa");
        assertThat(Json.parse(orchestrator.requests().getLast().body()))
                .isEqualTo(Json.parse("{\"preset\": \"demo\", \"beam\": 4}"));
        assertThat(orchestrator.requests().getLast().contentType()).isEqualTo("application/json");
    }

    @Test
    void search_repeats_a_request_whose_answer_was_lost_under_the_same_key() {
        orchestrator.losingAnswerTo("POST /api/v1/experiments").on("POST /api/v1/experiments", 200, "running.json");

        assertThat(pnas("search", "--preset", "demo").status()).isEqualTo(ExitStatus.DONE);
        assertThat(pnas("search", "--preset", "demo").status()).isEqualTo(ExitStatus.DONE);

        List<String> keys = orchestrator.requests().stream()
                .filter(request -> request.line().startsWith("POST"))
                .map(RecordedOrchestrator.Request::idempotencyKey)
                .toList();
        assertThat(keys).hasSize(3).doesNotContain("");
        assertThat(keys.get(1)).isEqualTo(keys.get(0));
        assertThat(keys.get(2)).isNotEqualTo(keys.get(0));
    }

    @Test
    void export_writes_the_trials_as_they_come(@TempDir Path folder) throws IOException {
        String csv = "stage,cell\r\n1,identity(c-1)+sep3x3(c-2)\r\n";
        orchestrator
                .on("GET /api/v1/experiments/k3m9q2xa/trials.csv", 200, "text/csv", csv)
                .on("GET /api/v1/experiments/k3m9q2xb/trials.csv", 404, "not-found.json");

        assertThat(pnas("export", "k3m9q2xa")).isEqualTo(new CommandRun(ExitStatus.DONE, csv, ""));
        Path file = folder.resolve("trials.csv");
        assertThat(pnas("export", "k3m9q2xa", "-f", file.toString()).out()).isEmpty();
        assertThat(file).hasContent(csv);
        CommandRun unknown = pnas("export", "k3m9q2xb");
        assertThat(unknown.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(unknown.err()).contains("there is no experiment k3m9q2xb");
    }

    @Test
    void model_downloads_the_weights_of_the_best_cell_or_of_any_other(@TempDir Path folder) throws IOException {
        String trials = "GET /api/v1/experiments/k3m9q2xa/trials/";
        Path file = folder.resolve("best.safetensors");
        orchestrator
                .on("GET /api/v1/experiments/k3m9q2xa/best?top=1", 200, "best.json")
                .on(trials + "67dab768b4d66c13/model.safetensors", 200, "application/octet-stream", "weights")
                .on(trials + "0123456789abcdef/model.safetensors", 404, "not-found.json");

        assertThat(pnas("model", "k3m9q2xa", "-f", file.toString()))
                .isEqualTo(new CommandRun(ExitStatus.DONE, file + "\n", ""));
        assertThat(file).hasContent("weights");

        assertThat(pnas("model", "k3m9q2xa", "--cell", "k3m9q2xa-67dab768b4d66c13", "-f", file.toString())
                        .status())
                .as("the id of the trial, as the CSV has it")
                .isEqualTo(ExitStatus.DONE);

        CommandRun unknown = pnas("model", "k3m9q2xa", "--cell", "0123456789abcdef", "-f", file.toString());
        assertThat(unknown.status()).isEqualTo(ExitStatus.FAILED);
        CommandRun nowhere =
                pnas("model", "k3m9q2xa", "-f", folder.resolve("no folder/best").toString());
        assertThat(nowhere.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(nowhere.err()).contains("no folder/best: cannot be written, there is no folder");
        assertThat(folder.toFile().list()).containsExactly("best.safetensors");
    }

    @Test
    void search_sends_a_file_as_it_is_with_flags_over_it(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("experiment.yaml"), """
                preset: demo
                operations: [sep3x3, identity]
                training:
                  epochs: 20
                  learningRate: 0.05
                tabel: slides
                """);
        orchestrator.on("POST /api/v1/experiments", 201, "running.json");

        pnas("search", "-f", file.toString(), "--epochs", "2");

        assertThat(Json.parse(orchestrator.requests().getLast().body()))
                .isEqualTo(Json.parse("{\"preset\": \"demo\", \"operations\": [\"sep3x3\", \"identity\"],"
                        + " \"training\": {\"epochs\": 2, \"learningRate\": 0.05}, \"tabel\": \"slides\"}"));
    }

    @Test
    void search_with_watch_follows_to_the_result() {
        orchestrator
                .on("POST /api/v1/experiments", 201, "running.json")
                .on("GET /api/v1/experiments/k3m9q2xa", 200, "completed.json");

        assertThat(pnas("search", "--preset", "demo", "--watch").out()).contains("Best of stage 2: ");
    }

    @Test
    void a_dry_run_counts_candidates_and_trainings() {
        orchestrator.on("POST /api/v1/experiments?dryRun=true", 200, "dry-run.json");

        assertThat(pnas("search", "--preset", "demo", "--dry-run").out()).isEqualTo("""
                        STAGE  CANDIDATES      TRAININGS
                            1  136                   136
                            2  at most 31,620          8
                        144 trainings on engine torch, about 1.5 trainer-hours (0.5 to 4.5): a guess from multiply-adds, as nothing alike was measured
                        """);
    }

    @Test
    void an_invalid_experiment_is_a_usage_error_with_every_field_and_its_flag() {
        orchestrator.on("POST /api/v1/experiments", 400, "invalid-input.json");

        CommandRun run = pnas("search", "--blocks", "6", "--operations", "sep3x3,sep9x9");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).isEqualTo("""
                        pnas: The experiment has 2 problems
                          blocks (--blocks): must be 1 to 5, got 6
                          operations[1] (--operations): operation must be one of sep3x3, sep5x5, got 'sep9x9'
                          replay.tabel: is not a known field
                        """);
    }

    @Test
    void a_file_that_is_no_experiment_is_a_usage_error_that_names_it(@TempDir Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.yaml"), "blocks: 3\noperations: [sep3x3\n");
        Path list = Files.writeString(folder.resolve("list.yaml"), "- blocks\n");
        Path twice = Files.writeString(folder.resolve("twice.yaml"), "blocks: 3\nblocks: 4\n");

        for (Path file :
                Stream.of(broken, list, twice, folder.resolve("absent.yaml")).toList()) {
            CommandRun run = pnas("search", "-f", file.toString());

            assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
            assertThat(run.err()).contains(file.toString());
        }
        assertThat(pnas("search", "-f", broken.toString()).err()).contains("line 2", "expected ',' or ']'");
        assertThat(pnas("search", "-f", twice.toString()).err()).contains("line 2", "blocks");
        assertThat(orchestrator.requests()).isEmpty();
    }

    @Test
    void a_file_that_is_written_replaces_neither_a_folder_nor_a_pipe(@TempDir Path folder)
            throws IOException, InterruptedException {
        String csv = "stage,cell\r\n1,identity(c-1)+sep3x3(c-2)\r\n";
        String model = "GET /api/v1/experiments/k3m9q2xa/trials/67dab768b4d66c13/model.safetensors";
        orchestrator
                .on("GET /api/v1/experiments/k3m9q2xa/best?top=1", 200, "best.json")
                .on(model, 200, "application/octet-stream", csv)
                .on("GET /api/v1/experiments/k3m9q2xa/trials.csv", 200, "text/csv", csv);

        for (String command : List.of("model", "export")) {
            CommandRun run = pnas(command, "k3m9q2xa", "-f", folder.toString());
            assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
            assertThat(run.err()).contains("--file " + folder + ": is a folder");
            assertThat(folder).isEmptyDirectory();

            Path pipe = folder.resolve("pipe");
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                    .isZero();
            Process reader = new ProcessBuilder("cat", pipe.toString()).start();
            assertThat(pnas(command, "k3m9q2xa", "-f", pipe.toString()).status())
                    .isEqualTo(ExitStatus.DONE);
            assertThat(reader.getInputStream()).hasContent(csv);
            assertThat(Files.isRegularFile(pipe)).isFalse();
            Files.delete(pipe);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"search -f", "workers --key-file"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatever_is_no_file_to_read_is_a_usage_error_that_names_it(String command, @TempDir Path folder)
            throws IOException, InterruptedException {
        Path empty = Files.createFile(folder.resolve("empty"));
        Path blank = Files.writeString(folder.resolve("blank"), "\n");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {'a', (byte) 0xE9, 'b'});
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path absent = folder.resolve("absent");
        Path endless = Path.of("/dev/zero");
        for (Path file : List.of(folder, empty, blank, binary, pipe, absent, endless)) {
            String[] words = (command + " " + file).split(" ");
            CommandRun run = pnas(words);
            assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.USAGE);
            assertThat(run.err()).startsWith("pnas: ").contains(file.toString());
        }
        assertThat(orchestrator.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-8"})
    void reads_an_experiment_with_a_byte_order_mark(Charset charset, @TempDir Path folder) throws IOException {
        orchestrator.on("POST /api/v1/experiments", 201, "running.json");
        Path file =
                Files.write(folder.resolve("experiment.yaml"), "\uFEFFblocks: 3\r\nname: größer\r\n".getBytes(charset));
        assertThat(pnas("search", "-f", file.toString()).status()).isEqualTo(ExitStatus.DONE);
        assertThat(orchestrator.requests())
                .filteredOn(request -> request.line().startsWith("POST"))
                .singleElement()
                .satisfies(request -> assertThat(request.body()).contains("\"blocks\":3", "größer"));
    }

    @Test
    void another_program_at_the_address_is_recognised() throws IOException {
        try (RecordedOrchestrator other = new RecordedOrchestrator()) {
            CommandRun run = CommandRun.of("list", "--url", other.url());

            assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
            assertThat(run.err()).contains("another program than PNAS listens there");
        }
    }

    private CommandRun pnas(String... arguments) {
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("--url", orchestrator.url()))
                .toArray(String[]::new);
        return CommandRun.of(all);
    }
}
