package pnas.cli.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import pnas.access.ApiKey;
import pnas.access.KnownHosts;

/**
 * The orchestrator's REST interface. Answers are trees, so that {@code -o json} prints what was sent. A refusal and a silence are a
 * {@link CommandFailedException}.
 */
public final class Orchestrator {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    /** A data set is read to its end before an experiment with it is created. */
    private static final Duration CREATE_LIMIT = Duration.ofMinutes(15);

    private static final int CREATE_ATTEMPTS = 3;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(500);

    private static final String AUTHORIZATION = "Authorization";
    private static final int UNAUTHORIZED = 401;

    private final URI url;
    private final Supplier<Optional<ApiKey>> keyWhenAsked;
    private @Nullable ApiKey key;
    private final HttpClient http;
    private final Function<String, Optional<String>> options;

    /**
     * An orchestrator.
     *
     * @param key what lets in; null where none was given
     * @param keyWhenAsked where one is looked for as soon as the orchestrator asks for one
     * @param options of the command line, by the field of a request that each sets: a refusal names them
     */
    public Orchestrator(
            URI url,
            @Nullable ApiKey key,
            Supplier<Optional<ApiKey>> keyWhenAsked,
            Function<String, Optional<String>> options) {
        this.options = options;
        this.url = url;
        this.key = key;
        this.keyWhenAsked = keyWhenAsked;
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_LIMIT);
        // Whatever proxies Java was told of: no other machine has a way to this one's loopback addresses.
        this.http = (isHere(url) ? client.proxy(HttpClient.Builder.NO_PROXY) : client).build();
    }

    /** Whether an address is one of this machine. */
    static boolean isHere(URI url) {
        return KnownHosts.isLoopback(url.getHost());
    }

    public URI url() {
        return url;
    }

    /** The address of a page that the orchestrator named relative to itself. */
    public URI page(URI relative) {
        return url.resolve(relative);
    }

    /** Whether a platform answers. Fails where another program does, because no platform can be started there. */
    public boolean answers() {
        try {
            workers();
            return true;
        } catch (CommandFailedException e) {
            if (e.exitStatus() == ExitStatus.NOT_REACHABLE) {
                return false;
            }
            throw e;
        }
    }

    /** Creates an experiment, or says what it would do. Where the answer gets lost the request is sent again, under a key that lets it count once. */
    public JsonNode create(ObjectNode experiment, boolean dryRun) {
        HttpRequest request = request(dryRun ? "experiments?dryRun=true" : "experiments")
                .header("Content-Type", "application/json")
                .timeout(CREATE_LIMIT)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(BodyPublishers.ofString(experiment.toString()))
                .build();
        for (int attempt = 1; ; attempt++) {
            try {
                return checked(exchange(request, BodyHandlers.ofString(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                boolean neverSent = attempt == 1 && e instanceof ConnectException;
                if (neverSent || attempt == CREATE_ATTEMPTS) {
                    throw silence(e);
                }
                pause();
            }
        }
    }

    /** All experiments, newest first, from however many pages. */
    public ObjectNode experiments() {
        ObjectNode all = Json.object();
        ArrayNode experiments = all.putArray("experiments");
        String pageToken = "";
        do {
            JsonNode page =
                    get("experiments?pageSize=1000" + (pageToken.isEmpty() ? "" : "&pageToken=" + encoded(pageToken)));
            page.path("experiments").forEach(experiments::add);
            pageToken = page.path("nextPageToken").asText("");
        } while (!pageToken.isEmpty());
        return all;
    }

    public JsonNode experiment(String id) {
        return get("experiments/" + encoded(id));
    }

    public JsonNode best(String id, int top) {
        return get("experiments/" + encoded(id) + "/best?top=" + top);
    }

    /** Pauses, resumes or cancels an experiment and gives it back as it is then. */
    public JsonNode change(String id, String verb) {
        return post(id, verb, Json.object());
    }

    /** Has an experiment go on with what is raised and gives it back as it is then. */
    public JsonNode extend(String id, ObjectNode extension) {
        return post(id, "extend", extension);
    }

    /**
     * Has what failed tried again and gives the experiment back as it is then.
     *
     * @param cellId of the only trial that is, absent for all that failed
     */
    public JsonNode retry(String id, @Nullable String cellId) {
        return cellId == null
                ? post(id, "retry", Json.object())
                : postTo(encoded(id) + "/trials/" + encoded(cellId), "retry", Json.object());
    }

    private JsonNode post(String id, String verb, ObjectNode body) {
        return postTo(encoded(id), verb, body);
    }

    private JsonNode postTo(String resource, String verb, ObjectNode body) {
        return send(request("experiments/" + resource + ":" + verb)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    /** All trials of an experiment as CSV, while it comes. */
    public InputStream trialsAsCsv(String id) {
        return download("experiments/" + encoded(id) + "/trials.csv", "text/csv");
    }

    /** The model of a trial, while it comes. */
    public InputStream model(String id, String cellId) {
        return download(
                "experiments/" + encoded(id) + "/trials/" + encoded(cellId) + "/model.safetensors",
                "application/octet-stream");
    }

    private InputStream download(String resource, String mediaType) {
        HttpRequest request = request(resource)
                .setHeader("Accept", mediaType + ", application/problem+json")
                .build();
        try {
            HttpResponse<InputStream> response = exchange(request, BodyHandlers.ofInputStream());
            if (response.statusCode() >= 300) {
                try (InputStream body = response.body()) {
                    String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
                    throw ServerProblem.of(json(response, text)).asFailure(response.statusCode(), options);
                }
            }
            return response.body();
        } catch (IOException e) {
            throw silence(e);
        }
    }

    public JsonNode workers() {
        return get("workers");
    }

    public JsonNode keys() {
        return get("keys");
    }

    /** Makes a key; the answer has it. */
    public JsonNode createKey(ObjectNode draft) {
        return send(request("keys")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(draft.toString())));
    }

    public JsonNode revokeKey(String id) {
        return send(request("keys/" + encoded(id) + ":revoke")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    }

    /** Makes a code; the answer has it. */
    public JsonNode createSignInCode() {
        return send(request("sign-in-codes")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    }

    private JsonNode get(String resource) {
        return send(request(resource).GET());
    }

    private HttpRequest.Builder request(String resource) {
        HttpRequest.Builder request = HttpRequest.newBuilder(resource(resource))
                .timeout(ANSWER_LIMIT)
                .header("Accept", "application/json, application/problem+json");
        return key == null ? request : request.header(AUTHORIZATION, bearer(key));
    }

    private URI resource(String resource) {
        return reached(url).resolve("/api/v1/" + resource);
    }

    /** Where to connect to: to the address at which a platform of this machine listens, also where {@code localhost} is {@code ::1} alone. */
    public static URI reached(URI url) {
        if (!"localhost".equals(url.getHost()) || !"http".equals(url.getScheme())) {
            return url;
        }
        String port = url.getPort() == -1 ? "" : ":" + url.getPort();
        return URI.create("http://127.0.0.1" + port);
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            return checked(exchange(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw silence(e);
        }
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> handler) throws IOException {
        try {
            HttpResponse<T> response = http.send(request, handler);
            return response.statusCode() == UNAUTHORIZED && key == null
                    ? exchangeWithKey(request, response, handler)
                    : response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailedException.failed("interrupted");
        }
    }

    /** Asks again with a key, from now on always, or leaves the refusal as it is where there is none. */
    private <T> HttpResponse<T> exchangeWithKey(HttpRequest request, HttpResponse<T> refusal, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        ApiKey found = keyWhenAsked.get().orElse(null);
        if (found == null) {
            return refusal;
        }
        key = found;
        if (refusal.body() instanceof InputStream body) {
            body.close();
        }
        return http.send(
                HttpRequest.newBuilder(request, (_, _) -> true)
                        .header(AUTHORIZATION, bearer(found))
                        .build(),
                handler);
    }

    private static String bearer(ApiKey key) {
        return "Bearer " + key.text();
    }

    private CommandFailedException silence(IOException failure) {
        return CommandFailedException.notReachable(
                "PNAS does not answer at %s (%s): start it with 'pnas up', or say where it is with --url"
                        .formatted(url, Failures.reason(failure)));
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_ATTEMPTS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailedException.failed("interrupted");
        }
    }

    private JsonNode checked(HttpResponse<String> response) {
        JsonNode body = json(response, response.body());
        if (response.statusCode() >= 300) {
            throw ServerProblem.of(body).asFailure(response.statusCode(), options);
        }
        return body;
    }

    private static JsonNode json(HttpResponse<?> response, String text) {
        try {
            JsonNode body = Json.parse(text);
            if (body.isObject()) {
                return body;
            }
        } catch (JsonProcessingException e) {
            // Said below: whatever the text is, the answer is not one of PNAS.
        }
        throw CommandFailedException.failed(String.format(
                Locale.ROOT,
                "%s answered with status %d and no JSON object, so another program than PNAS listens there: stop it, or choose another port, for instance with --url http://localhost:8081",
                response.request().uri(),
                response.statusCode()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
