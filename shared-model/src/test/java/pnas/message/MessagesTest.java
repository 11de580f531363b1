package pnas.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.cell.Operation;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.network.ImageShape;
import pnas.network.Layout;

class MessagesTest {
    private static final UUID TOKEN = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final UUID REQUEST = UUID.fromString("00000000-0000-4000-8000-000000000002");
    private static final Cell CELL = Cell.parse("identity(c-1)+sep3x3(c-2)");
    private static final AttemptRef ATTEMPT = new AttemptRef("k3m9q2xa-67dab768b4d66c13", 2, "local-torch-1", TOKEN);
    private static final Machine MACHINE = new Machine("torch", "2.10.0-1.5.13/1", "A CPU");

    /** Every kind of record that this version sends, with the name of the file that holds its JSON. */
    static Stream<Golden> goldens() {
        return Stream.of(
                new Golden(
                        "job",
                        TrainingJob.class,
                        new TrainingJob(
                                1,
                                "k3m9q2xa",
                                "k3m9q2xa-67dab768b4d66c13",
                                1,
                                CELL,
                                new DataSet("digits", "0f".repeat(32), new ImageShape(8, 8, 1), 10, 1200, 297, 300, 0),
                                new Layout(Layout.Kind.CIFAR, 1, 8),
                                TrainingSettings.DEFAULT,
                                false,
                                42,
                                null,
                                null)),
                new Golden(
                        "job-replayed",
                        TrainingJob.class,
                        new TrainingJob(
                                1,
                                "k3m9q2xa",
                                "k3m9q2xa-67dab768b4d66c13",
                                3,
                                CELL,
                                DataSet.digits(7),
                                new Layout(Layout.Kind.SLIDES, 2, 24),
                                TrainingSettings.DEFAULT,
                                true,
                                42,
                                new Replay(new Replay.Oracle(5, 0.004), null, 0.25),
                                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")),
                new Golden("claimed", TrainingProgress.class, new TrainingProgress.Claimed(1, ATTEMPT)),
                new Golden("heartbeat", TrainingProgress.class, new TrainingProgress.Heartbeat(1, ATTEMPT, 120, 3)),
                new Golden(
                        "epoch-finished",
                        TrainingProgress.class,
                        new TrainingProgress.EpochFinished(1, ATTEMPT, 4, 0.75, 0.9375, 1.5)),
                ended("trained", new Outcome.Trained(0.96875, MACHINE, false)),
                ended("diverged", new Outcome.Diverged(1, MACHINE)),
                ended("out-of-memory", new Outcome.OutOfMemory("needs 3 GB, may use 2 GB")),
                ended("crashed", new Outcome.Crashed("exit code 139")),
                ended("stalled", new Outcome.Stalled("no step for 10 min")),
                ended("cancelled", new Outcome.Cancelled()),
                ended("released", new Outcome.Released(3)),
                ended("failed", new Outcome.Failed(ErrorCode.DATA_SET_MISMATCH, "digits has another hash")),
                new Golden(
                        "announced",
                        TrainerEvent.class,
                        new TrainerEvent.Announced(1, "local-torch-1", MACHINE, 1, "laptop", null)),
                new Golden(
                        "announced-unable",
                        TrainerEvent.class,
                        new TrainerEvent.Announced(
                                1, "local-torch-1", MACHINE, 1, "laptop", "no job can be taken from the broker")),
                new Golden(
                        "alive",
                        TrainerEvent.class,
                        new TrainerEvent.Alive(1, "local-torch-1", List.of("k3m9q2xa-67dab768b4d66c13"))),
                new Golden("leaving", TrainerEvent.class, new TrainerEvent.Leaving(1, "local-torch-1")),
                new Golden("stop", ControlCommand.class, new TrainerCommand.Stop(1, ATTEMPT, "experiment cancelled")),
                new Golden(
                        "withdrawn",
                        ControlCommand.class,
                        new PredictorCommand.Withdrawn(1, REQUEST, "k3m9q2xa", "experiment cancelled")),
                new Golden(
                        "ranking-header",
                        RankingRequest.class,
                        new RankingRequest.Header(
                                1,
                                REQUEST,
                                "k3m9q2xa",
                                2,
                                "gp",
                                null,
                                List.of(Operation.SEP3X3, Operation.IDENTITY),
                                11,
                                8,
                                1,
                                1)),
                new Golden(
                        "ranking-header-fine-tuned",
                        RankingRequest.class,
                        new RankingRequest.Header(
                                1,
                                REQUEST,
                                "k3m9q2xa",
                                2,
                                "lstm",
                                "fine-tune",
                                List.of(Operation.SEP3X3, Operation.IDENTITY),
                                11,
                                8,
                                1,
                                1)),
                new Golden(
                        "ranking-observations",
                        RankingRequest.class,
                        new RankingRequest.Observations(
                                1,
                                REQUEST,
                                "k3m9q2xa",
                                0,
                                List.of(
                                        new RankingRequest.Observation(CELL, 1, 0.5),
                                        new RankingRequest.Observation(CELL, 1, null)))),
                new Golden(
                        "ranking-candidates",
                        RankingRequest.class,
                        new RankingRequest.Candidates(
                                1,
                                REQUEST,
                                "k3m9q2xa",
                                0,
                                List.of(new RankingRequest.Children(
                                        CELL, List.of(Block.parse("max3x3(b1)+sep3x3(c-1)")))))),
                new Golden(
                        "ranked",
                        RankingMessage.class,
                        new RankingAnswer.Ranked(
                                1,
                                REQUEST,
                                "k3m9q2xa",
                                2,
                                List.of(new RankingAnswer.Scored(
                                        Cell.parse("identity(c-1)+sep3x3(c-2) | max3x3(b1)+sep3x3(c-1)"), 0.875)),
                                new RankingAnswer.Histogram(0.5, 0.875, List.of(1, 1)),
                                new RankingAnswer.Quality(0.5, 0.25, null, 12),
                                1.5)),
                new Golden(
                        "ranking-failed",
                        RankingMessage.class,
                        new RankingAnswer.Failed(1, REQUEST, "k3m9q2xa", ErrorCode.RANKING_FAILED, "no observation")),
                new Golden(
                        "ranking-waits",
                        RankingMessage.class,
                        new RankingMessage.SignOfLife(1, REQUEST, "k3m9q2xa", true, 0, 31_620, null)),
                new Golden(
                        "ranking-goes-on",
                        RankingMessage.class,
                        new RankingMessage.SignOfLife(1, REQUEST, "k3m9q2xa", false, 20_480, 31_620, 12.5)));
    }

    private static Golden ended(String file, Outcome outcome) {
        return new Golden(
                "ended-" + file, TrainingProgress.class, new TrainingProgress.Ended(1, ATTEMPT, outcome, 2.5));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void writes_the_json_that_version_1_froze(Golden golden) throws IOException {
        assertThat(new String(Messages.encode(golden.message()), StandardCharsets.UTF_8))
                .isEqualTo(golden.json());
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void reads_what_version_1_wrote(Golden golden) throws IOException {
        byte[] json = golden.json().getBytes(StandardCharsets.UTF_8);
        assertThat((Object) Messages.decode(json, golden.type())).isEqualTo(golden.message());
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void ignores_fields_that_a_later_version_may_add(Golden golden) throws IOException {
        byte[] json = golden.json()
                .replaceFirst("\\{", "{\"addedLater\":{\"any\":[1]},")
                .getBytes(StandardCharsets.UTF_8);
        assertThat((Object) Messages.decode(json, golden.type())).isEqualTo(golden.message());
    }

    @Test
    void refuses_what_is_no_message_and_says_why() {
        String attempt = "\"attempt\":{\"trialId\":\"t\",\"number\":1,\"worker\":\"w\",\"token\":\"" + TOKEN + "\"}";
        Map<String, String> malformed = Map.of(
                "not json",
                "Unrecognized token",
                "null",
                "holds null",
                "{}",
                "type",
                "{\"type\":\"other\"}",
                "other",
                "[]",
                "Unexpected token",
                "{\"type\":\"claimed\",\"schemaVersion\":0," + attempt + "}",
                "schemaVersion must be at least 1, got 0",
                "{\"type\":\"heartbeat\",\"schemaVersion\":1," + attempt + ",\"step\":-1,\"epoch\":0}",
                "step must be at least 0, got -1");
        malformed.forEach((json, why) -> assertThatThrownBy(
                        () -> Messages.decode(json.getBytes(StandardCharsets.UTF_8), TrainingProgress.class))
                .as(json)
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_MESSAGE))
                .hasMessageContaining(why));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'of':0,     'scored':0                     | of must be at least 1, got 0
            'of':9,     'scored':10                    | scored must be 0 to 9, got 10
            'of':9,     'scored':-1                    | scored must be 0 to 9, got -1
            'of':9,     'scored':1, 'secondsLeft':-1   | secondsLeft must be 0 to 1000000000, got -1
            'of':9,     'scored':1, 'secondsLeft':1e99 | secondsLeft must be 0 to 1000000000, got
            'of':9                                     | scored
            'of':1e99,  'scored':1                     | out of range of int
            """)
    void refuses_a_sign_of_life_that_says_what_cannot_be(String fields, String why) {
        String json = ("{'type':'sign-of-life','schemaVersion':1,'requestId':'" + REQUEST
                        + "','experimentId':'k3m9q2xa','waits':false," + fields + "}")
                .replace('\'', '"');
        assertThatThrownBy(() -> Messages.decode(json.getBytes(StandardCharsets.UTF_8), RankingMessage.class))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_MESSAGE))
                .hasMessageContaining(why);
    }

    @Test
    void reads_where_an_accuracy_was_predicted_to_lie() {
        String scored = "{\"cell\":\"sep3x3(c-1)+identity(c-1)\",\"score\":0.9,\"least\":0.88%s}";
        assertThat(Messages.decode(
                                scored.formatted(",\"greatest\":0.93").getBytes(StandardCharsets.UTF_8),
                                RankingAnswer.Scored.class)
                        .greatest())
                .isEqualTo(0.93);
        for (String end : List.of("", ",\"greatest\":0.8", ",\"greatest\":1.1")) {
            byte[] json = scored.formatted(end).getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> Messages.decode(json, RankingAnswer.Scored.class))
                    .isInstanceOf(PnasException.class);
        }
    }

    @Test
    void refuses_a_cell_that_reads_a_later_block() {
        byte[] json = "{\"cell\":\"sep3x3(b1)+identity(c-1)\",\"score\":1}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Messages.decode(json, RankingAnswer.Scored.class))
                .isInstanceOf(PnasException.class)
                .hasMessageContaining("b1");
    }

    @Test
    void refuses_a_record_without_a_field_that_it_must_have() {
        String attempt = "{\"number\":1,\"worker\":\"w\",\"token\":\"00000000-0000-0001-0000-000000000002\"";
        Map<String, String> malformed = Map.of(
                attempt + "}",
                "trialId",
                attempt + ",\"trialId\":null}",
                "trialId",
                "{\"trialId\":\"t\",\"number\":1,\"worker\":\"w\"}",
                "token",
                "{\"trialId\":\"t\",\"worker\":\"w\",\"token\":\"00000000-0000-0001-0000-000000000002\"}",
                "number");
        malformed.forEach((json, field) -> assertThatThrownBy(
                        () -> Messages.decode(json.getBytes(StandardCharsets.UTF_8), TrainingProgress.AttemptRef.class))
                .as(json)
                .isInstanceOf(PnasException.class)
                .hasMessageContaining(field));
    }

    @Test
    void refuses_an_absent_and_an_oversized_record() {
        assertThatThrownBy(() -> Messages.decode(null, TrainingProgress.class)).hasMessageContaining("no value");
        assertThatThrownBy(() -> Messages.decode(new byte[Messages.MAX_BYTES + 1], TrainingProgress.class))
                .hasMessageContaining("at most " + Messages.MAX_BYTES);
    }

    /** A message and the JSON that version 1 froze for it. */
    record Golden(String file, Class<?> type, Object message) {
        String json() throws IOException {
            String path = "v1/" + file + ".json";
            try (InputStream in = Objects.requireNonNull(MessagesTest.class.getResourceAsStream(path), path)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            }
        }

        @Override
        public String toString() {
            return file;
        }
    }
}
