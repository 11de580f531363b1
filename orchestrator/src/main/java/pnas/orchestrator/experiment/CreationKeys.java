package pnas.orchestrator.experiment;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.util.Optional;
import org.hibernate.Session;

/** The keys under which experiments were created, kept for a day at least. */
@ApplicationScoped
class CreationKeys {
    private final Session database;

    CreationKeys(Session database) {
        this.database = database;
    }

    /** Who had a key first: the experiment, and the hash of the body that started it. */
    record Taken(String experimentId, String bodyHash) {}

    /**
     * Takes a key for an experiment that the caller's transaction is about to write. Of two transactions at once the second waits for the first, here in
     * the database, whichever orchestrators they belong to.
     *
     * @return who has the key, empty where it was free
     */
    @Transactional(Transactional.TxType.MANDATORY)
    Optional<Taken> take(CreationKey key, String experimentId) {
        int taken = database.createNativeMutationQuery("""
                        insert into creation_key (key, body_hash, experiment_id) values (:key, :hash, :experiment)
                        on conflict (key) do nothing
                        """)
                .setParameter("key", key.text())
                .setParameter("hash", key.bodyHash())
                .setParameter("experiment", experimentId)
                .executeUpdate();
        return taken == 1 ? Optional.empty() : Optional.of(taken(key));
    }

    private Taken taken(CreationKey key) {
        Tuple row = database.createNativeQuery(
                        "select experiment_id, body_hash from creation_key where key = :key", Tuple.class)
                .setParameter("key", key.text())
                .getSingleResult();
        return new Taken(row.get("experiment_id", String.class), row.get("body_hash", String.class));
    }

    @Scheduled(
            every = "1h",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    @Transactional
    void removeTheOld() {
        database.createNativeMutationQuery("""
                        delete from creation_key where key in (select key from creation_key
                            where created_at < clock_timestamp() - interval '24 hours' order by created_at limit 1000)
                        """).executeUpdate();
    }
}
