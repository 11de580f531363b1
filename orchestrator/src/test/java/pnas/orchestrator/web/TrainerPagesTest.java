package pnas.orchestrator.web;

import static org.assertj.core.api.Assertions.assertThat;
import static pnas.testing.Http.given;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.api.EndedSearch;
import pnas.orchestrator.api.Recount;
import pnas.orchestrator.api.Sql;
import pnas.testing.KafkaAndDatabase;

@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
final class TrainerPagesTest {
    @Inject
    DataSource database;

    @Test
    void shows_who_is_alive_on_what_and_what_each_does() throws SQLException {
        EndedSearch search = EndedSearch.insert(database, "on <trainers>");
        String cellId = search.best().id().hex();
        String trial = search.id() + "-" + cellId;
        // An engine that no experiment asks for, so that the dispatcher does not count on these.
        Sql.execute(database, """
                insert into trainer (id, engine, engine_version, device_kind, host, slots, state, heard_at) values
                    ('busy', 'none', '2.7', 'A <GPU>', 'host-1', 1, 'ALIVE', now()),
                    ('gone', 'none', '2.7', 'A CPU', 'host-2', 1, 'LEFT', now()),
                    ('still', 'none', '2.7', 'A CPU', 'host-3', 1, 'ALIVE', now() - interval '1 hour')
                """);
        Sql.execute(
                database,
                "update trial set state = 'RUNNING', worker = 'busy', accuracy = null, identity = null, finished_at = null, lease_token ="
                        + " gen_random_uuid(), lease_until = now() + interval '1 day' where id = '" + trial + "'");
        Sql.execute(
                database,
                "update attempt set token = lease_token, epoch = 2 from trial where trial_id = trial.id and trial.id = '"
                        + trial + "'");
        try {
            String page =
                    given().get("/trainers").then().statusCode(200).extract().asString();

            assertThat(page)
                    .contains(
                            "<code>busy</code>",
                            "A &lt;GPU&gt;",
                            "href=\"/experiments/" + search.id() + "/trials/" + cellId + "\"",
                            ">on &lt;trainers&gt;</a>, since <time",
                            "1 Jan, 10:00:00",
                            "2 epochs done",
                            "data-state=\"SILENT\"",
                            "Left: the last ")
                    .doesNotContain("on <trainers>", "style=\"");
        } finally {
            Sql.execute(database, "delete from trainer where engine = 'none'");
            Sql.execute(
                    database,
                    "update trial set state = 'CANCELLED', lease_token = null, lease_until = null, finished_at = now() where id = '"
                            + trial + "'");
            Recount.afterRowsWereWritten(database, search.id());
        }
    }
}
