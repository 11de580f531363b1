package pnas.orchestrator.dispatch;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ConnectionValidator;
import io.agroal.api.configuration.supplier.AgroalConnectionFactoryConfigurationSupplier;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import pnas.orchestrator.life.store.Turns;

/**
 * Turns as advisory locks of a session of PostgreSQL. Their connections are not those of the transactions, so who has a turn and wants a transaction never waits
 * for somebody who has a transaction and wants a turn.
 */
@Singleton
final class TurnLocks implements Turns {
    private static final Logger LOG = Logger.getLogger(TurnLocks.class);
    /** Marks these locks among all advisory locks of the database. */
    private static final int TURN = 1;
    /** The dispatcher has one turn at a time. */
    private static final int MOST = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final AgroalDataSource sessions;

    /**
     * @param database says how its sessions are begun
     */
    TurnLocks(AgroalDataSource database) {
        AgroalConnectionFactoryConfigurationSupplier same = new AgroalConnectionFactoryConfigurationSupplier(
                        database.getConfiguration()
                                .connectionPoolConfiguration()
                                .connectionFactoryConfiguration())
                .autoCommit(true);
        try {
            sessions = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                    .connectionPoolConfiguration(pool -> pool.maxSize(MOST)
                            .acquisitionTimeout(PATIENCE)
                            .validateOnBorrow(true)
                            .connectionValidator(ConnectionValidator.defaultValidator())
                            .connectionFactoryConfiguration(same)));
        } catch (SQLException e) {
            throw new IllegalStateException("sessions for turns of dispatch cannot be had", e);
        }
    }

    @PreDestroy
    void close() {
        sessions.close();
    }

    @Override
    public Optional<Held> take(String engine) {
        try {
            Connection session = sessions.getConnection();
            try {
                if (answer(session, "select pg_try_advisory_lock(?, ?)", engine)) {
                    return Optional.of(() -> giveBack(session, engine));
                }
            } catch (SQLException e) {
                end(session);
                throw e;
            }
            session.close();
            return Optional.empty();
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not say who has the turn of engine " + engine, e);
        }
    }

    private static void giveBack(Connection session, String engine) {
        try {
            boolean had = answer(session, "select pg_advisory_unlock(?, ?)", engine);
            if (!had) {
                LOG.warnf("the turn of engine %s was not held any more", engine);
            }
            session.close();
        } catch (SQLException e) {
            LOG.warnf("the session that held the turn of engine %s is over: %s", engine, e.getMessage());
            end(session);
        }
    }

    /** Ends a session of which nobody knows what it holds. */
    private static void end(Connection session) {
        try (session) {
            session.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debugf("a session is over already: %s", e.getMessage());
        }
    }

    private static boolean answer(Connection session, String question, String engine) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(question)) {
            statement.setInt(1, TURN);
            statement.setInt(2, engine.hashCode());
            try (ResultSet answer = statement.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }
}
