package pnas.orchestrator.peer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID Connect provider: tells where its keys are and which, and signs whatever claims it is asked to at {@code /token}, at {@code /forged} with a key
 * that it does not tell of.
 */
public final class OpenIdProvider implements QuarkusTestResourceLifecycleManager {
    private static final String KEY_ID = "test";

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
                    {"issuer": "%1$s", "jwks_uri": "%1$s/keys", "token_endpoint": "%1$s/token",
                     "authorization_endpoint": "%1$s/authorize"}""".formatted(url)));
            started.createContext("/keys", exchange -> answer(exchange, publicKey()));
            started.createContext("/token", exchange -> answer(exchange, token(exchange, keys)));
            started.createContext("/forged", exchange -> answer(exchange, token(exchange, others)));
            started.start();
            return Map.of(
                    "quarkus.oidc.tenant-enabled", "true",
                    "quarkus.oidc.auth-server-url", url,
                    "quarkus.oidc.client-id", "pnas",
                    "quarkus.oidc.token.audience", "pnas");
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
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String publicKey() {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        return """
                {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "%s", "n": "%s", "e": "%s"}]}""".formatted(KEY_ID, base64(key.getModulus()), base64(key.getPublicExponent()));
    }

    private static String base64(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int zeros = bytes[0] == 0 ? 1 : 0;
        return base64(Arrays.copyOfRange(bytes, zeros, bytes.length));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The body of the request, signed. */
    private static String token(HttpExchange exchange, KeyPair signer) throws IOException {
        String header = "{\"alg\": \"RS256\", \"typ\": \"JWT\", \"kid\": \"" + KEY_ID + "\"}";
        String text = base64(header.getBytes(StandardCharsets.UTF_8))
                + "."
                + base64(exchange.getRequestBody().readAllBytes());
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
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
