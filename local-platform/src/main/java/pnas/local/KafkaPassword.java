package pnas.local;

import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.ScramCredentialCallback;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.jspecify.annotations.Nullable;

/**
 * Lets in at the embedded broker who has the password that the broker itself has, by its settings. Kafka's own way keeps passwords in the
 * broker's data, to which one must be let in first; this holds at the first start, on data of an older version, and for a controller.
 */
public final class KafkaPassword implements AuthenticateCallbackHandler {
    private static final int ITERATIONS = 4096;

    private String user = "";
    private @Nullable ScramCredential credential;

    @Override
    public void configure(Map<String, ?> settings, String mechanism, List<AppConfigurationEntry> logins) {
        Map<String, ?> login = logins.getFirst().getOptions();
        user = String.valueOf(login.get("username"));
        try {
            credential = new ScramFormatter(ScramMechanism.forMechanismName(mechanism))
                    .generateCredential(String.valueOf(login.get("password")), ITERATIONS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks what " + mechanism + " needs", e);
        }
    }

    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        String asked = "";
        for (Callback callback : callbacks) {
            switch (callback) {
                case NameCallback name -> asked = name.getDefaultName();
                case ScramCredentialCallback scram -> {
                    if (asked.equals(user)) {
                        scram.scramCredential(credential);
                    }
                }
                default -> throw new UnsupportedCallbackException(callback);
            }
        }
    }

    @Override
    public void close() {}
}
