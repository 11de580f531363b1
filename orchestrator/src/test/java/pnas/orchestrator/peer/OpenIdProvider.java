package pnas.orchestrator.peer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID Connect provider: tells where its keys are and which, and signs whatever claims it is asked to at {@code /token}, at {@code /forged} with a key
 * that it does not tell of. At {@code /authorize} a browser is who it says in the parameters {@code name} and {@code roles}, with commas between these, and nobody without them.
 */
public final class OpenIdProvider implements QuarkusTestResourceLifecycleManager {
    private static final String KEY_ID = "test";
    private static final String CLIENT = "pnas";
    private static final String SECRET = "known to the platform and the provider";
    /** A person of this name finds that the provider breaks off. */
    private static final String LUCKLESS = "luckless";

    private final KeyPair keys = newKeys();
    private final KeyPair others = newKeys();
    private @Nullable HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server = started;
            String url = "http://localhost:" + started.getAddress().getPort();
            started.createContext(
                    "/.well-known/openid-configuration", exchange -> answer(exchange, """
                    {"issuer": "%1$s", "jwks_uri": "%1$s/keys", "token_endpoint": "%1$s/exchange",
                     "authorization_endpoint": "%1$s/authorize"}""".formatted(url)));
            started.createContext("/keys", exchange -> answer(exchange, publicKey()));
            started.createContext("/token", exchange -> answer(exchange, token(body(exchange), keys)));
            started.createContext("/authorize", OpenIdProvider::authorize);
            started.createContext("/exchange", exchange -> exchange(exchange, url));
            started.createContext("/forged", exchange -> answer(exchange, token(body(exchange), others)));
            started.start();
            return Map.of(
                    "quarkus.oidc.tenant-enabled", "true",
                    "quarkus.oidc.application-type", "hybrid",
                    "quarkus.oidc.auth-server-url", url,
                    "quarkus.oidc.client-id", CLIENT,
                    "quarkus.oidc.credentials.secret", SECRET,
                    "quarkus.oidc.token.audience", CLIENT);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        Objects.requireNonNull(server).stop(0);
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String publicKey() {
        ECPoint point = ((ECPublicKey) keys.getPublic()).getW();
        return """
                {"keys": [{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "%s", "x": "%s", "y": "%s"}]}""".formatted(KEY_ID, base64(point.getAffineX()), base64(point.getAffineY()));
    }

    /** A coordinate of the curve, always in 32 bytes. */
    private static String base64(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] whole = new byte[32];
        int length = Math.min(bytes.length, whole.length);
        System.arraycopy(bytes, bytes.length - length, whole, whole.length - length, length);
        return base64(whole);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Sends a browser back with a code that stands for a person, or with an error. */
    private static void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> query = parameters(exchange.getRequestURI().getRawQuery());
        String outcome = query.containsKey("name")
                ? "code="
                        + base64("%s %s %s"
                                .formatted(query.get("name"), query.get("roles"), query.get("code_challenge"))
                                .getBytes(StandardCharsets.UTF_8))
                : "error=access_denied";
        try (exchange) {
            exchange.getResponseHeaders()
                    .set(
                            "Location",
                            query.get("redirect_uri") + "?" + outcome + "&state="
                                    + URLEncoder.encode(
                                            Objects.requireNonNull(query.get("state")), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(302, -1);
        }
    }

    /** Gives the tokens of the person that a code stands for, to anybody who knows the secret. */
    private void exchange(HttpExchange exchange, String url) throws IOException {
        String credentials =
                Base64.getEncoder().encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
        Map<String, String> form = parameters(body(exchange));
        String code = Objects.requireNonNull(form.get("code"));
        String verifier = Objects.requireNonNull(form.get("code_verifier"));
        if (!("Basic " + credentials).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            throw new IOException("the client is another one");
        }
        String[] person = new String(Base64.getUrlDecoder().decode(code), StandardCharsets.UTF_8).split(" ", -1);
        if (!base64(DigestUtils.sha256(verifier)).equals(person[2])) {
            throw new IOException("the code was given to another browser");
        }
        if (person[0].equals(LUCKLESS)) {
            throw new IOException("no luck");
        }
        long now = Instant.now().getEpochSecond();
        String claims = """
                {"iss": "%s", "aud": "%s", "sub": "1", "preferred_username": "%s", "groups": ["%s"], "iat": %d, "exp": %d}""".formatted(url, CLIENT, person[0], person[1].replace(",", "\", \""), now, now + 300);
        answer(exchange, """
                {"token_type": "Bearer", "expires_in": 300, "id_token": "%1$s", "access_token": "%1$s"}""".formatted(token(claims, keys)));
    }

    private static Map<String, String> parameters(String query) {
        return Arrays.stream(query.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private static String body(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String token(String claims, KeyPair signer) {
        String header = "{\"alg\": \"ES256\", \"typ\": \"JWT\", \"kid\": \"" + KEY_ID + "\"}";
        String text =
                base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(signer.getPrivate());
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return text + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
