package pnas.dataset;

import java.math.BigInteger;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;

/**
 * The proxies that the environment names, as curl reads it: {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code no_proxy}, in
 * small letters or in capitals. Java looks at none of them by itself. This machine is never asked for through a proxy.
 *
 * @param environment the variables
 */
record Proxies(Map<String, String> environment) {
    /** Where a variable names no port, as for curl. */
    private static final int PORT = 1080;

    private static final int HIGHEST_PORT = 65_535;

    static {
        // Java refuses the one scheme that a password in a variable stands for, where a proxy tunnels.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    /**
     * A proxy.
     *
     * @param variable that names it
     * @param login user and password, separated by a colon, which stand in no message; null where none are named
     */
    record Named(
            String variable,
            Proxy.Type type,
            String host,
            int port,
            @Nullable String login) {
        Proxy proxy() {
            return new Proxy(type, new InetSocketAddress(host, port));
        }

        /** Who tells user and password, to this proxy and to nobody else. */
        Authenticator authenticator() {
            return new Authenticator() {
                @Override
                protected @Nullable PasswordAuthentication getPasswordAuthentication() {
                    if (getRequestorType() != RequestorType.PROXY || login == null) {
                        return null;
                    }
                    String[] parts = login.split(":", 2);
                    return new PasswordAuthentication(parts[0], (parts.length == 2 ? parts[1] : "").toCharArray());
                }
            };
        }

        /** Without the password. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s:%d, which %s names", host, port, variable);
        }
    }

    static Proxies ofEnvironment() {
        return new Proxies(System.getenv());
    }

    /**
     * The proxy through which an address is asked for; empty where it is asked for directly.
     *
     * @throws PnasException {@code STORAGE_FAILURE} where the variable that counts names no proxy
     */
    Optional<Named> of(URI address) {
        String host = bare(address.getHost());
        if (isThisMachine(host) || isExcepted(host, address.getPort())) {
            return Optional.empty();
        }
        return Stream.of(address.getScheme() + "_proxy", "all_proxy")
                .flatMap(name -> Stream.of(name, name.toUpperCase(Locale.ROOT)))
                .filter(name -> !environment.getOrDefault(name, "").isBlank())
                .findFirst()
                .map(name -> read(name, environment.getOrDefault(name, "").strip()));
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost") || host.matches("127(\\.\\d+){3}") || host.equals("::1");
    }

    private boolean isExcepted(String host, int port) {
        String exceptions = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
        return Stream.of(exceptions.toLowerCase(Locale.ROOT).split("[,\\s]+"))
                .filter(entry -> !entry.isEmpty())
                .anyMatch(entry -> covers(entry, host, port));
    }

    /**
     * {@code example.org} and {@code .example.org} stand for the host and all below it; a port, where one is named, has to be the same. {@code 10.0.0.0/8}
     * stands for the addresses that begin with the same bits, where the host is an address.
     */
    private static boolean covers(String entry, String host, int port) {
        if (entry.equals("*")) {
            return true;
        }
        if (entry.contains("/")) {
            return isWithin(entry, host);
        }
        String name = entry;
        if (entry.matches("[^:]+:\\d+")) {
            int colon = entry.indexOf(':');
            if (!entry.substring(colon + 1).equals(Integer.toString(port))) {
                return false;
            }
            name = entry.substring(0, colon);
        }
        name = bare(name.replaceFirst("^\\*?\\.", ""));
        return host.equals(name) || host.endsWith("." + name);
    }

    private static boolean isWithin(String block, String host) {
        int slash = block.indexOf('/');
        try {
            byte[] first =
                    InetAddress.ofLiteral(bare(block.substring(0, slash))).getAddress();
            byte[] address = InetAddress.ofLiteral(host).getAddress();
            int free = first.length * Byte.SIZE - Integer.parseInt(block.substring(slash + 1));
            return first.length == address.length
                    && free >= 0
                    && new BigInteger(1, first).shiftRight(free).equals(new BigInteger(1, address).shiftRight(free));
        } catch (IllegalArgumentException e) {
            return false; // The host is a name, or this is no block.
        }
    }

    private static Named read(String variable, String value) {
        try {
            URI uri = new URI(value.contains("://") ? value : "http://" + value);
            Proxy.Type type = switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
                case "http" -> Proxy.Type.HTTP;
                case "socks", "socks4", "socks4a", "socks5", "socks5h" -> Proxy.Type.SOCKS;
                default -> throw new URISyntaxException("", "not a proxy that Java can speak to");
            };
            if (uri.getHost() == null || uri.getPort() > HIGHEST_PORT) {
                throw new URISyntaxException("", "no host, or no port");
            }
            String login = uri.getRawUserInfo();
            return new Named(
                    variable,
                    type,
                    bare(uri.getHost()),
                    uri.getPort() < 0 ? PORT : uri.getPort(),
                    // A plus is itself here.
                    login == null ? null : URLDecoder.decode(login.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (URISyntaxException | IllegalArgumentException e) {
            // Not what it is: there may be a password in it. That its cause says it too is why that is left out.
            throw new PnasException(
                    ErrorCode.STORAGE_FAILURE,
                    "the variable %s must name a proxy like http://proxy.example.org:3128 or socks5://proxy.example.org:1080"
                            .formatted(variable));
        }
    }

    /** A host without the brackets of an address of version 6. */
    private static String bare(@Nullable String host) {
        return host == null ? "" : host.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
    }
}
