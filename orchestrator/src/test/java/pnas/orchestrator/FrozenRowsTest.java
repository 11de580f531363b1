package pnas.orchestrator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pnas.access.ApiKey;
import pnas.message.Messages;
import pnas.orchestrator.access.KeyDraft;
import pnas.orchestrator.access.Keys;
import pnas.orchestrator.api.Sql;
import pnas.orchestrator.event.Event;
import pnas.orchestrator.experiment.Creation;
import pnas.orchestrator.experiment.CreationKey;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.live.KeptEvent;
import pnas.orchestrator.peer.Predictor;
import pnas.orchestrator.peer.Trainer;
import pnas.orchestrator.peer.Wait;
import pnas.orchestrator.report.ExperimentView;
import pnas.orchestrator.report.Reports;
import pnas.orchestrator.specification.Drafts;
import pnas.orchestrator.specification.Extension;
import pnas.orchestrator.trainer.Trainers;
import pnas.orchestrator.trial.TrialDetail;
import pnas.orchestrator.trial.TrialQuery;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.trial.Trials;
import pnas.testing.KafkaAndDatabase;
import pnas.testing.TestDatabase;

/**
 * The rows that 0.1.0 wrote, which every later version reads: they are put into the tables of that version, these are migrated, and what then is there is
 * shown. Before that version is released, {@code -Dpnas.write-rows=true} writes them anew with a search of its own.
 */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(QuickTimes.class)
class FrozenRowsTest {
    private static final Path ROWS = Path.of("src/test/resources/pnas/orchestrator/rows-0.1.0.txt");
    private static final String ONE = "{'engine':'replay','operations':['identity'],'blocks':2,'beam':2}";
    /** The last migration of that version. */
    private static final String SCHEMA = "13";

    /** In the order in which they can be filled. */
    private static final List<String> SEARCHES =
            List.of("experiment", "creation_key", "stage", "trial", "attempt", "epoch", "event");

    private static final List<String> OTHERS = List.of("trainer", "api_key", "browser_session", "sign_in_code");
    /** A decision that holds for a minute, and what is remembered of folders that are read again. */
    private static final Set<String> OF_THE_MOMENT = Set.of("capacity", "data_set");

    @Inject
    Experiments experiments;

    @Inject
    Reports reports;

    @Inject
    Trials trials;

    @Inject
    Events events;

    @Inject
    Keys keys;

    @Inject
    Trainers trainers;

    @Inject
    DataSource database;

    @Test
    void shows_the_searches_that_0_1_0_wrote() throws Exception {
        if (Boolean.getBoolean("pnas.write-rows")) {
            freeze();
        }
        Map<String, List<String>> frozen = frozen();
        Map<String, String> upgraded = upgraded(frozen);
        List<String> ids = frozen.getOrDefault("experiment", List.of()).stream()
                .map(row -> text(row, "id"))
                .toList();
        assertThat(ids).hasSize(2);
        delete(ids);
        try {
            try (Connection connection = database.getConnection()) {
                for (String table : SEARCHES) {
                    insert(connection, table, Objects.requireNonNull(upgraded.get(table)));
                }
            }
            for (String id : ids) {
                assertThatItIsShown(id, frozen);
            }
            ExperimentView searched = reports.experiment(ids.getFirst());
            assertThat(searched.state()).isEqualTo(ExperimentState.COMPLETED);
            assertThat(searched.best()).isNotNull();
            assertThat(searched.stages()).hasSize(3);
            assertThat(reports.experiment(ids.getLast()).state()).isEqualTo(ExperimentState.CANCELLED);
        } finally {
            delete(ids);
        }
    }

    private void assertThatItIsShown(String id, Map<String, List<String>> frozen) {
        List<TrialSummary> shown = trials.page(id, new TrialQuery(null, null, TrialQuery.Sort.RANK, false, 1000, null))
                .trials();
        List<String> ofTrials = of(id, "experiment_id", frozen.get("trial"));
        assertThat(shown).hasSameSizeAs(ofTrials).isNotEmpty();
        long attempts = 0;
        long epochs = 0;
        for (TrialSummary summary : shown) {
            TrialDetail trial = trials.one(id, summary.cell().id().hex());
            attempts += trial.attempts().size();
            epochs += trial.epochs().size();
            assertThat(trial.identity() != null).isEqualTo(summary.state() == TrialState.TRAINED);
        }
        List<String> trialIds = ofTrials.stream().map(row -> text(row, "id")).toList();
        assertThat(attempts).isEqualTo(count(trialIds, frozen.get("attempt")));
        assertThat(epochs).isEqualTo(count(trialIds, frozen.get("epoch")));
        List<KeptEvent> told = events.after(id, 0, 1000);
        assertThat(told)
                .extracting(KeptEvent::type)
                .containsExactlyElementsOf(of(id, "experiment_id", frozen.get("event")).stream()
                        .map(row -> text(row, "type"))
                        .toList());
        assertThat(told).extracting(KeptEvent::event).noneMatch(Event.Unknown.class::isInstance);
        assertThat(reports.stages(id)).isNotEmpty();
    }

    /** The frozen rows after all migrations since, by table. */
    private static Map<String, String> upgraded(Map<String, List<String>> frozen) throws SQLException {
        TestDatabase empty = TestDatabase.create();
        migrate(empty, SCHEMA);
        try (Connection connection = empty.connect()) {
            for (Map.Entry<String, List<String>> table : frozen.entrySet()) {
                insert(connection, table.getKey(), "[" + String.join(",", table.getValue()) + "]");
            }
        }
        migrate(empty, "latest");
        Map<String, String> rows = new LinkedHashMap<>();
        try (Connection connection = empty.connect()) {
            Set<String> tables = Set.copyOf(column(
                    connection,
                    "select table_name from information_schema.tables where table_schema = 'public'"
                            + " and table_name <> 'flyway_schema_history'"));
            assertThat(frozen.keySet())
                    .containsAll(SEARCHES)
                    .containsAll(OTHERS)
                    .isSubsetOf(tables);
            assertThat(OF_THE_MOMENT).isSubsetOf(tables);
            for (String table : SEARCHES) {
                rows.put(table, "[" + String.join(",", dumped(connection, table, "true")) + "]");
            }
        }
        return rows;
    }

    private static void migrate(TestDatabase database, String target) {
        Flyway.configure()
                .locations("classpath:db/schema")
                .target(target)
                .dataSource(
                        database.jdbcUrl(),
                        database.roles().owner().username(),
                        database.roles().owner().password())
                .load()
                .migrate();
    }

    /** Fills the columns that the table has. What the database counts or computes by itself is left to it. */
    private static void insert(Connection connection, String table, String rows) throws SQLException {
        String columns = String.join(
                ", ",
                column(
                        connection,
                        "select column_name from information_schema.columns where table_schema = 'public' and table_name = '"
                                + table
                                + "' and is_generated = 'NEVER' and is_identity = 'NO' order by ordinal_position"));
        try (PreparedStatement statement = connection.prepareStatement("insert into " + table + " (" + columns
                + ") select " + columns + " from jsonb_populate_recordset(null::" + table + ", cast(? as jsonb))")) {
            statement.setString(1, rows);
            statement.executeUpdate();
        }
    }

    private static List<String> dumped(Connection connection, String table, String condition) throws SQLException {
        return column(
                connection,
                "select to_jsonb(" + table + ") from " + table + " where " + condition + " order by "
                        + (table.equals("event") ? "id" : "to_jsonb(" + table + ")"));
    }

    private static List<String> column(Connection connection, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    private void delete(List<String> ids) throws SQLException {
        for (String table : SEARCHES.reversed()) {
            String of = switch (table) {
                case "experiment" -> "id";
                case "attempt", "epoch" -> "split_part(trial_id, '-', 1)";
                default -> "experiment_id";
            };
            for (String id : ids) {
                Sql.execute(database, "delete from " + table + " where " + of + " = ?", id);
            }
        }
    }

    /** A search with cells that fail, are tried again and set aside by a larger beam; one that is cancelled; a trainer; a key and what it opens. */
    private void freeze() throws Exception {
        Search search = new Search(experiments, trials, ONE);
        Set<Integer> failed = new HashSet<>();
        search.run(
                Predictor.rankingBy(Search::accuracy),
                cell -> failed.add(cell.blocks().size()) ? Double.NaN : Search.accuracy(cell));
        experiments.retry(search.id(), null);
        search.run(Predictor.rankingBy(Search::accuracy));
        experiments.extend(search.id(), new Extension(3, 3, null, null));
        search.run(Predictor.rankingBy(cell -> 1 - Search.accuracy(cell)));
        Creation begun = experiments.create(Drafts.draft(ONE), "somebody", CreationKey.of("frozen", new byte[0]));
        String cancelled = ((Creation.Started) begun).experiment().id();
        experiments.cancel(cancelled);
        try (Trainer trainer = new Trainer("frozen")) {
            trainer.announce(1);
            Wait.await()
                    .until(() ->
                            trainers.list().stream().anyMatch(each -> each.id().equals("frozen")));
        }
        ApiKey key = keys.create(new KeyDraft("frozen", "viewer", 30), null).key();
        keys.open(key.text());
        keys.createCode(key.hash());

        List<String> lines = new ArrayList<>(List.of("# What 0.1.0 wrote: a table and a row of it in each line."));
        String ids = "('" + search.id() + "', '" + cancelled + "')";
        try (Connection connection = database.getConnection()) {
            for (String table : SEARCHES) {
                String condition = switch (table) {
                    case "experiment" -> "id in " + ids;
                    case "attempt", "epoch" -> "split_part(trial_id, '-', 1) in " + ids;
                    default -> "experiment_id in " + ids;
                };
                List<String> rows = new ArrayList<>(dumped(connection, table, condition));
                if (table.equals("experiment") && text(rows.getFirst(), "id").equals(cancelled)) {
                    rows.addLast(rows.removeFirst());
                }
                rows.forEach(row -> lines.add(table + " " + row));
            }
            for (String table : OTHERS) {
                dumped(connection, table, "true").stream().limit(3).forEach(row -> lines.add(table + " " + row));
            }
        }
        Files.write(ROWS, lines, UTF_8);
    }

    private static Map<String, List<String>> frozen() throws IOException {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        Files.readAllLines(ROWS).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" ", 2))
                .forEach(words ->
                        rows.computeIfAbsent(words[0], _ -> new ArrayList<>()).add(words[1]));
        return rows;
    }

    private static List<String> of(String id, String column, @Nullable List<String> rows) {
        return Objects.requireNonNull(rows).stream()
                .filter(row -> text(row, column).equals(id))
                .toList();
    }

    private static long count(List<String> trialIds, @Nullable List<String> rows) {
        return Objects.requireNonNull(rows).stream()
                .filter(row -> trialIds.contains(text(row, "trial_id")))
                .count();
    }

    /** A text of a row; rows are flat where these stand. */
    private static String text(String row, String column) {
        return Objects.requireNonNull(Messages.decodeText(row, Map.class).get(column))
                .toString();
    }
}
