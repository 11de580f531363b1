package pnas.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An HTTP server that answers with recorded documents and remembers what it was asked. */
public final class RecordedOrchestrator implements AutoCloseable {
    /** A request as it came. */
    public record Request(String line, String contentType, String body, String idempotencyKey, String authorization) {}

    private record Answer(int status, String contentType, String body) {}

    private final HttpServer server;
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    private final List<String> lost = Collections.synchronizedList(new ArrayList<>());
    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

    public RecordedOrchestrator() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        on("GET /api/v1/workers", 200, "workers.json");
    }

    /** Answers a request with a recorded document; several answers to the same request come in turn, the last one for ever. */
    public RecordedOrchestrator on(String requestLine, int status, String resource) {
        String type = status < 400 ? "application/json" : "application/problem+json";
        return on(requestLine, status, type, CommandRun.resource(resource));
    }

    public RecordedOrchestrator on(String requestLine, int status, String contentType, String body) {
        answers.computeIfAbsent(requestLine, _ -> new ArrayDeque<>()).add(new Answer(status, contentType, body));
        return this;
    }

    /** Takes a request and ends the connection without an answer; the next of the same kind is answered. */
    public RecordedOrchestrator losingAnswerTo(String requestLine) {
        lost.add(requestLine);
        return this;
    }

    /** Has no answer to a request any more. */
    public void forget(String requestLine) {
        answers.remove(requestLine);
    }

    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String contentType = exchange.getRequestHeaders().getFirst("Content-Type");
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            requests.add(new Request(
                    line,
                    contentType == null ? "" : contentType,
                    body,
                    key == null ? "" : key,
                    authorization == null ? "" : authorization));
            if (lost.remove(line)) {
                return;
            }
            Deque<Answer> recorded = answers.getOrDefault(line, new ArrayDeque<>());
            Answer answer = recorded.size() > 1 ? recorded.removeFirst() : recorded.peekFirst();
            if (answer == null) {
                answer = new Answer(404, "text/plain", "nothing is recorded for " + line);
            }
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
