package pnas.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/** The counts that stages and experiments keep, counted again from the trials and attempts. */
public final class Recount {
    /** Each number is counted by itself and not as the core does. One statement sees one state, however much goes on. */
    private static final String DIFFERENCES = """
            with kinds as (
                select experiment_id, stage, case
                    when set_aside then 'set_aside'
                    when state <> 'TRAINED' then lower(state)
                    when replayed then 'replayed'
                    when reused_from is null then 'trained'
                    else 'reused' end as kind
                from trial),
            kept as (
                select experiment_id, number, kind, kept from stage cross join lateral (values
                    ('trained', trained), ('replayed', replayed), ('reused', reused), ('diverged', diverged), ('failed', failed),
                    ('cancelled', cancelled), ('set_aside', set_aside), ('running', running), ('dispatched', dispatched),
                    ('queued', queued)) columns (kind, kept))
            select kept.experiment_id || ' stage ' || kept.number || ': ' || kept.kind || ' is ' || kept.kept || ', counted ' || counted
            from kept cross join lateral (select count(*) as counted from kinds
                where kinds.experiment_id = kept.experiment_id and kinds.stage = kept.number and kinds.kind = kept.kind) again
            where kept.kept <> counted
            union all
            select experiment_id || ' stage ' || number || ': repeats is ' || repeats from stage
            where repeats <> (select count(*) from trial where trial.experiment_id = stage.experiment_id and trial.stage = stage.number
                and repeat > 0 and not set_aside)
            union all
            select id || ': ' || kind || ' is ' || kept || ', counted ' || counted from experiment cross join lateral (values
                ('out', trials_out, (select count(*) from trial
                    where experiment_id = experiment.id and state in ('DISPATCHED', 'RUNNING'))),
                ('granted', attempts_granted, (select count(*) from attempt join trial on trial.id = trial_id
                    where experiment_id = experiment.id and charged and ended_at is null)),
                ('charged', attempts_charged, (select count(*) from attempt join trial on trial.id = trial_id
                    where experiment_id = experiment.id and charged)),
                ('time', ended_millis, (select coalesce(sum(floor(extract(epoch from ended_at) * 1000)
                        - floor(extract(epoch from claimed_at) * 1000)), 0)
                    from attempt join trial on trial.id = trial_id
                    where experiment_id = experiment.id and charged and ended_at is not null)),
                ('claims', claimed_millis, (select coalesce(sum(floor(extract(epoch from claimed_at) * 1000)), 0)
                    from attempt join trial on trial.id = trial_id
                    where experiment_id = experiment.id and charged and ended_at is null))) numbers (kind, kept, counted)
            where kept <> counted
            """;

    private Recount() {}

    /** Fails where one of them is another number. */
    public static void assertThatItAgrees(DataSource database) throws SQLException {
        List<String> differences = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(DIFFERENCES)) {
            while (rows.next()) {
                differences.add(rows.getString(1));
            }
        }
        assertThat(differences).isEmpty();
    }

    /** Counts an experiment anew after a test has written trials by itself. */
    public static void afterRowsWereWritten(DataSource database, String experimentId) throws SQLException {
        for (String statement : counting().split(";", -1)) {
            if (!statement.isBlank()) {
                Sql.execute(database, statement + " and counted.experiment_id = ?", experimentId);
            }
        }
    }

    private static String counting() {
        try (InputStream file = Objects.requireNonNull(Recount.class.getResourceAsStream("/pnas/recount.sql"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the file is on the class path", e);
        }
    }
}
