package pnas.access;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The hosts that requests to a server may be addressed to. A foreign site can have a name of its own lead to any address, so that a browser takes the server
 * there for a part of that site; such a request names that site's host.
 *
 * @param names without a port, IPv6 addresses in brackets, beside those of loopback
 */
public record KnownHosts(Set<String> names) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    public KnownHosts {
        names = names.stream().map(KnownHosts::written).collect(Collectors.toUnmodifiableSet());
    }

    /** Those of loopback and some others. */
    public static KnownHosts with(Collection<String> names) {
        return new KnownHosts(Set.copyOf(names));
    }

    /** Whether a host is one of loopback. */
    public static boolean isLoopback(String host) {
        return LOOPBACK.contains(written(host));
    }

    /** Whether a request may be addressed to a host. */
    public boolean has(String host) {
        return isLoopback(host) || names.contains(written(host));
    }

    /**
     * Whether a request may be addressed to a host, or to any address: no site's name is one. That is enough where everybody on the network may read what is
     * served, and lets those probe that know the address alone.
     */
    public boolean hasOrIsAddress(String host) {
        return has(host) || isAddress(host);
    }

    private static boolean isAddress(String host) {
        return Stream.of("\\d{1,3}(\\.\\d{1,3}){3}", "\\[?[0-9a-fA-F.]*:[0-9a-fA-F:.]*(%[^\\]]*)?]?")
                .anyMatch(host::matches);
    }

    /** As it stands in a URL: some give an IPv6 address without its brackets. */
    private static String written(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.indexOf(':') >= 0 && !lower.startsWith("[") ? "[" + lower + "]" : lower;
    }
}
