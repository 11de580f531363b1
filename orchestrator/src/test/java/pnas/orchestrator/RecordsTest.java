package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static pnas.orchestrator.peer.Wait.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.message.Topics;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.orchestrator.api.Sql;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.peer.Trainer;
import pnas.orchestrator.trainer.Signs;
import pnas.orchestrator.trainer.TrainerState;
import pnas.orchestrator.trainer.TrainerView;
import pnas.orchestrator.trainer.Trainers;
import pnas.orchestrator.trial.Trials;
import pnas.testing.KafkaAndDatabase;
import pnas.testing.TestKafka;

/** What becomes of records that nobody can read, and of what trainers tell of themselves. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(QuickTimes.class)
class RecordsTest {
    @Inject
    Experiments experiments;

    @Inject
    Trials trials;

    @Inject
    Trainers trainers;

    @Inject
    Signs signs;

    @Inject
    MeterRegistry metrics;

    @Inject
    DataSource database;

    @ParameterizedTest
    @ValueSource(strings = {Topics.PROGRESS, Topics.WORKERS, Topics.RANKINGS})
    void a_malformed_record_goes_to_the_dead_letters(String topic) {
        String text = "no message " + UUID.randomUUID();
        double before = deadLetters(topic);
        try (Trainer trainer = new Trainer("trainer-m")) {
            trainer.send(topic, "key", text.getBytes(StandardCharsets.UTF_8));
            trainer.send(topic, "key", "{}".getBytes(StandardCharsets.UTF_8));
            trainer.send(topic, "key", null);
        }
        assertThat(read(Topics.deadLetters(topic), text)).isTrue();
        await().atMost(Duration.ofSeconds(30)).until(() -> deadLetters(topic) == before + 3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                Topics.WORKERS + "|{'type':'leaving','schemaVersion':1,'worker':'a\\u0000b'}",
                Topics.WORKERS + "|{'type':'leaving','schemaVersion':1,'worker':'\\ud800'}",
                Topics.WORKERS
                        + "|{'type':'announced','schemaVersion':1,'worker':'w','slots':1,'host':'\\udc00','machine':MACHINE}",
                Topics.WORKERS
                        + "|{'type':'announced','schemaVersion':1,'worker':'w','slots':99999999999,'host':'h','machine':MACHINE}",
                Topics.WORKERS + "|{'type':'alive','schemaVersion':1,'worker':'w','trials':['\\ud800']}",
                Topics.PROGRESS + "|{'type':'claimed','schemaVersion':1,'attempt':{ATTEMPT,'worker':'\\ud800'}}",
                Topics.PROGRESS
                        + "|{'type':'heartbeat','schemaVersion':1,'attempt':{ATTEMPT,'worker':'w'},'step':1e999,'epoch':1}",
                Topics.PROGRESS
                        + "|{'type':'ended','schemaVersion':1,'attempt':{ATTEMPT,'worker':'w'},'seconds':1e308,'outcome':{'type':'cancelled'}}",
                Topics.RANKINGS
                        + "|{'type':'failed','schemaVersion':1,'experimentId':'\\ud800','stage':2,'requestId':'00000000-0000-0000-0000-000000000000','code':'RANKING_FAILED','message':'m'}",
                Topics.RANKINGS + "|{SIGN,'experimentId':'\\ud800','scored':1,'of':3}",
                Topics.RANKINGS + "|{SIGN,'experimentId':'k3m9q2xa','scored':4,'of':3}",
                Topics.RANKINGS + "|{SIGN,'experimentId':'k3m9q2xa','scored':1,'of':3,'secondsLeft':1e308}",
            })
    void a_record_with_what_no_database_holds_goes_to_the_dead_letters(String topic, String json) {
        double before = deadLetters(topic);
        String whole = json.replace(
                        "SIGN",
                        "'type':'sign-of-life','schemaVersion':1,'waits':false,'requestId':'00000000-0000-0000-0000-000000000000'")
                .replace("MACHINE", "{'engine':'replay','engineVersion':'1','deviceKind':'cpu'}")
                .replace(
                        "ATTEMPT",
                        "'trialId':'aaaaaaaa-0123456789abcdef','number':1,'token':'00000000-0000-0000-0000-000000000000'")
                .replace('\'', '"');
        try (Trainer trainer = new Trainer("trainer-n")) {
            trainer.send(topic, "key", whole.getBytes(StandardCharsets.UTF_8));
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> deadLetters(topic) == before + 1);
    }

    @Test
    void what_an_engine_says_is_kept_whatever_characters_it_has() {
        Search search = new Search(experiments, trials, "{'engine':'replay','operations':['identity'],'blocks':1}");
        try (Trainer trainer = new Trainer("trainer-c")) {
            TrainingJob job = trainer.take(search.id());
            AttemptRef attempt = trainer.claim(job);
            String ended =
                    ("{'type':'ended','schemaVersion':1,'seconds':1,'attempt':{'trialId':'%s','number':%d,'worker':'%s','token':'%s'},"
                                    + "'outcome':{'type':'crashed','message':'a\\u0000b\\ud800c\\nd'}}")
                            .formatted(attempt.trialId(), attempt.number(), attempt.worker(), attempt.token())
                            .replace('\'', '"');
            trainer.send(Topics.PROGRESS, job.trialId(), ended.getBytes(StandardCharsets.UTF_8));

            search.awaitTrial(
                    job.trialId(),
                    trial -> trial.attempts().stream().anyMatch(each -> "a\\u0000b\\ud800c\nd".equals(each.message())));
        } finally {
            experiments.cancel(search.id());
        }
    }

    @Test
    void the_service_goes_on_behind_a_malformed_record_and_an_unknown_trial() {
        Search search = new Search(experiments, trials, "{'engine':'replay','operations':['identity'],'blocks':1}");
        try (Trainer trainer = new Trainer("trainer-m")) {
            TrainingJob job = trainer.take(search.id());
            trainer.send(Topics.PROGRESS, job.trialId(), new byte[] {1, 2, 3});
            trainer.beat(new AttemptRef("no such trial", 1, "trainer-m", UUID.randomUUID()), 1);
            trainer.beat(new AttemptRef("aaaaaaaa-0123456789abcdef", 1, "trainer-m", UUID.randomUUID()), 1);
            trainer.claim(job);
            search.awaitTrial(job.trialId(), trial -> trial.summary().state() == TrialState.RUNNING);
        } finally {
            experiments.cancel(search.id());
        }
    }

    @Test
    void a_worker_is_alive_then_silent_and_has_left_when_it_said_so() throws SQLException {
        String id = "trainer-" + UUID.randomUUID();
        try (Trainer trainer = new Trainer(id)) {
            trainer.announce(3);
            awaitState(id, TrainerState.ALIVE);
            assertThat(trainers.crew("replay").slots()).isGreaterThanOrEqualTo(3);
            trainer.announce(3, "the broker\0lets it in no more");
            awaitState(id, TrainerState.UNABLE);
            assertThat(trainers.list()).anySatisfy(worker -> {
                assertThat(worker.id()).isEqualTo(id);
                assertThat(worker.obstacle()).isEqualTo("the broker\\u0000lets it in no more");
            });
            assertThat(trainers.crew("replay").obstacle()).isNotNull();
            trainer.announce(3);
            awaitState(id, TrainerState.ALIVE);
            Sql.execute(database, "update trainer set heard_at = heard_at - interval '1 hour' where id = ?", id);
            awaitState(id, TrainerState.SILENT);
            trainer.announce(3);
            awaitState(id, TrainerState.ALIVE);
            assertThat(signs.current().get(id).left()).isFalse();
            assertThat(signs.current().get(id).able()).isTrue();
            trainer.leave();
            awaitState(id, TrainerState.LEFT);
            assertThat(signs.current().get(id).left()).isTrue();
        }
    }

    @Test
    void an_experiment_says_that_no_trainer_is_alive() {
        Search search = new Search(experiments, trials, "{'operations':['identity'],'blocks':1}");
        try {
            assertThat(search.view().waiting()).startsWith("3 trainings wait: no trainer for engine torch ");
        } finally {
            experiments.cancel(search.id());
        }
    }

    private void awaitState(String id, TrainerState state) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> trainers.list().stream()
                        .filter(worker -> worker.id().equals(id))
                        .map(TrainerView::state)
                        .anyMatch(state::equals));
    }

    private double deadLetters(String topic) {
        return metrics.get("pnas_dead_letters_total")
                .tag("topic", topic)
                .counter()
                .count();
    }

    private static boolean read(String topic, String text) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                TestKafka.client(Map.of()), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<String> seen = new ArrayList<>();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    seen.add(new String(record.value(), StandardCharsets.UTF_8));
                }
                return seen.contains(text);
            });
            return true;
        }
    }
}
