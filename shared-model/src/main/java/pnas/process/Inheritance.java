package pnas.process;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which variables of its own environment a process hands on to those that it starts. A variable that somebody set for other programs must not decide
 * where a service finds its broker and its database, or how its Java runs: who starts a service tells it that, on top of what is handed on.
 */
public final class Inheritance {
    /**
     * Names as configuration sees them, see {@link #asConfiguration}: the broker's and the database's clients, whatever moves or replaces the configuration of a
     * service, and what every JVM or its class path takes from the environment.
     */
    private static final Pattern NOT_FOR_SERVICES = Pattern.compile(
            "KAFKA_.*|MP_(MESSAGING|CONFIG)_.*|SMALLRYE_.*|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS|CLASSPATH"
                    // Of Quarkus what the documentation speaks of; anything else is decided by the services themselves.
                    + "|QUARKUS_(?!(HTTP|MANAGEMENT|LOG|TLS|OIDC|OTEL|KUBERNETES_CLIENT)_|FLYWAY_CONNECT_RETRIES).*");

    /** Read by PostgreSQL's programs and C library, in this spelling only. */
    private static final Pattern POSTGRESQL = Pattern.compile("PG[A-Z_]+");

    /** Replaced by the language that is the same for everyone. */
    private static final Pattern LANGUAGE = Pattern.compile("LANG|LANGUAGE|LC_[A-Z_]+");

    private Inheritance() {}

    /** Whether a process gets the variable of this name. */
    static boolean isHandedOn(String name) {
        return !isDropped(name) && !LANGUAGE.matcher(name).matches();
    }

    /** Those of the names that somebody may miss in a service, sorted. The language is not among them: it is replaced and not taken away. */
    public static List<String> dropped(Collection<String> names) {
        return names.stream().filter(Inheritance::isDropped).sorted().toList();
    }

    private static boolean isDropped(String name) {
        return NOT_FOR_SERVICES.matcher(asConfiguration(name)).matches()
                || POSTGRESQL.matcher(name).matches();
    }

    /** As configuration reads it: {@code kafka.security.protocol} in any case, and in a profile, {@code _PROD_KAFKA_SECURITY_PROTOCOL}, are the same. */
    private static String asConfiguration(String name) {
        String upper = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
        return upper.replaceFirst("^_[A-Z0-9]+_(?=KAFKA_|MP_|SMALLRYE_|QUARKUS_)", "");
    }
}
