package pnas.access;

import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/**
 * Gives PostgreSQL's driver the password only for what does not show it to the server. By itself the driver answers whatever it is asked, in clear text too,
 * so that a program which listens in the database's place would be told the password. The driver makes one for each connection whose property
 * {@link #PROPERTY} names this class.
 */
public final class UnshownPassword implements AuthenticationPlugin {
    /** The property of a connection, in its address or beside it. */
    public static final String PROPERTY = PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME.getName();

    private final Properties connection;

    /** Called by the driver. */
    public UnshownPassword(Properties connection) {
        this.connection = connection;
    }

    @Override
    public char @Nullable [] getPassword(AuthenticationRequestType asked) throws PSQLException {
        return switch (asked) {
            case SASL, GSS -> {
                String password = PGProperty.PASSWORD.getOrDefault(connection);
                yield password == null ? null : password.toCharArray();
            }
            case CLEARTEXT_PASSWORD, MD5_PASSWORD ->
                throw new PSQLException(
                        "what listens there asks for the password as " + asked
                                + ", which would show it, and not by SCRAM: it may be another program than PostgreSQL",
                        PSQLState.CONNECTION_REJECTED);
        };
    }
}
