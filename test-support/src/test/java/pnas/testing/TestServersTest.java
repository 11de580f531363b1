package pnas.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class TestServersTest {
    @Test
    void creates_the_missing_topics_on_one_broker() throws Exception {
        TestKafka.createTopics("one", "two");
        TestKafka.createTopics("two", "three");

        try (Admin admin = Admin.create(TestKafka.client(Map.of()))) {
            assertThat(admin.listTopics().names().get(60, TimeUnit.SECONDS))
                    .containsExactlyInAnyOrder("one", "two", "three");
        }
    }

    @Test
    void gives_each_test_an_empty_database_on_one_server() throws Exception {
        TestDatabase first = TestDatabase.create();
        TestDatabase second = TestDatabase.create();
        try (Connection connection = first.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table only_here (id integer)");
        }

        assertThat(tables(first)).isEqualTo(1);
        assertThat(tables(second)).isZero();
    }

    @Test
    void configures_an_application_for_the_shared_broker_and_a_database_of_its_own() {
        Map<String, String> first = new KafkaAndDatabase().start();
        Map<String, String> second = new KafkaAndDatabase().start();

        assertThat(first)
                .containsEntry("kafka.bootstrap.servers", TestKafka.bootstrapServers())
                .containsEntry("quarkus.devservices.enabled", "false")
                .containsKeys(
                        "quarkus.datasource.jdbc.url",
                        "quarkus.datasource.username",
                        "quarkus.datasource.password",
                        "quarkus.flyway.username",
                        "quarkus.flyway.password");
        assertThat(second.get("kafka.bootstrap.servers")).isEqualTo(first.get("kafka.bootstrap.servers"));
        assertThat(second.get("quarkus.datasource.jdbc.url")).isNotEqualTo(first.get("quarkus.datasource.jdbc.url"));
        assertThat(new KafkaOnly().start()).doesNotContainKey("quarkus.datasource.jdbc.url");
    }

    private static int tables(TestDatabase database) throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("select count(*) from pg_tables where schemaname = 'public'")) {
            found.next();
            return found.getInt(1);
        }
    }
}
