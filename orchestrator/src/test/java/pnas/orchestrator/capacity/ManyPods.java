package pnas.orchestrator.capacity;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import pnas.orchestrator.capacity.Cluster.Phase;

/** An API server of a cluster with many pods, each of 8 KB, of which every tenth takes a GPU: lists by pages, then watch events. */
final class ManyPods implements AutoCloseable {
    private static final String FILLING = "x".repeat(8_000);
    private static final int GPU_EVERY = 10;
    private static final String LISTED = "/listed";

    private final HttpServer server;
    private final int pods;
    private final int events;
    private final CountDownLatch listed = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger pages = new AtomicInteger();
    private final AtomicInteger largest = new AtomicInteger();

    ManyPods(int pods, int events) throws IOException {
        this.pods = pods;
        this.events = events;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.createContext(LISTED, exchange -> {
            try (exchange) {
                change();
                exchange.sendResponseHeaders(200, -1);
            }
        });
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** Pods are changed from now on: so many of the first of them end. */
    void change() {
        listed.countDown();
    }

    int pages() {
        return pages.get();
    }

    /** The most pods that were asked for at once. */
    int largestPage() {
        return largest.get();
    }

    @Override
    public void close() {
        listed.countDown();
        closed.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange);
        boolean isOfPods = exchange.getRequestURI().getPath().equals("/api/v1/pods");
        try (exchange) {
            if (exchange.getRequestHeaders().containsKey("Upgrade")) {
                // No web sockets: watches come as plain streams, as from servers behind some proxies.
                exchange.sendResponseHeaders(200, -1);
            } else if (query.containsKey("watch")) {
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, 0);
                watch(exchange.getResponseBody(), isOfPods);
            } else {
                byte[] list = (isOfPods ? page(query) : list("", "")).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, list.length);
                exchange.getResponseBody().write(list);
            }
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        return query == null
                ? Map.of()
                : Arrays.stream(query.split("&"))
                        .map(pair -> pair.split("=", 2))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair.length == 1 ? "" : pair[1]));
    }

    private String page(Map<String, String> query) {
        int limit = Integer.parseInt(query.getOrDefault("limit", Integer.toString(pods)));
        int from = Integer.parseInt(query.getOrDefault("continue", "0"));
        int to = Math.min(pods, from + limit);
        pages.incrementAndGet();
        largest.accumulateAndGet(to - from, Math::max);
        return list(
                IntStream.range(from, to)
                        .mapToObj(each -> pod(each, "Running", 1))
                        .collect(Collectors.joining(",")),
                to < pods ? Integer.toString(to) : "");
    }

    private static String list(String items, String next) {
        return """
                {"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1", "continue": "%s"}, "items": [%s]}\
                """.formatted(next, items);
    }

    private void watch(OutputStream body, boolean isOfPods) throws IOException {
        body.flush();
        try {
            if (isOfPods) {
                listed.await();
                for (int each = 0; each < events; each++) {
                    body.write("{\"type\": \"MODIFIED\", \"object\": %s}\n"
                            .formatted(pod(each, "Succeeded", 2 + each))
                            .getBytes(StandardCharsets.UTF_8));
                }
                body.flush();
            }
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String pod(int number, String phase, int version) {
        String resources = number % GPU_EVERY == 0 ? "{\"limits\": {\"nvidia.com/gpu\": \"1\"}}" : "{}";
        return """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod-%d", "namespace": "others", "resourceVersion": "%d",\
                 "uid": "00000000-0000-0000-0000-%012d", "annotations": {"filling": "%s"}},\
                 "spec": {"nodeName": "node-%d", "containers": [{"name": "main", "resources": %s}]}, "status": {"phase": "%s"}}\
                """.formatted(number, version, number, FILLING, number % 1000, resources, phase);
    }

    /** Reads all of it as the orchestrator does. */
    static final class Reader {
        private Reader() {}

        /**
         * Reads in a process of its own, as the arguments say: where from, how many pods, how many changes of them.
         *
         * <p>It logs as the orchestrator does. By itself the log keeps every record, and all that was received in them, until somebody configures it.
         */
        public static void main(String[] arguments) {
            Logger.getLogger("").setLevel(Level.INFO);
            String url = arguments[0];
            read(url, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), () -> {
                try (InputStream answer = URI.create(url + LISTED).toURL().openStream()) {
                    answer.readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            // Threads of the client live on for a while.
            System.exit(0);
        }

        /**
         * Ends once all pods were seen, and all changes of them.
         *
         * @param listed called once all pods are known
         */
        static void read(String url, int pods, int events, Runnable listed) {
            try (KubernetesClient client = new KubernetesClientBuilder()
                            .withConfig(new ConfigBuilder()
                                    .withMasterUrl(url)
                                    .withNamespace(SmallCluster.NAMESPACE)
                                    .build())
                            .build();
                    ClusterWatch watch = new ClusterWatch(client, SmallCluster.NAMESPACE, "nvidia.com/gpu", () -> {})) {
                await().atMost(Duration.ofMinutes(10)).until(() -> count(watch, Phase.RUNNING) == pods / GPU_EVERY);
                listed.run();
                await().atMost(Duration.ofMinutes(10)).until(() -> count(watch, Phase.OVER) == events / GPU_EVERY);
            }
        }

        private static long count(ClusterWatch watch, Phase phase) {
            // The news are fresh, however long the list takes.
            return watch.see(Instant.EPOCH)
                    .map(sight -> sight.cluster().pods().stream()
                            .filter(pod -> pod.phase() == phase)
                            .count())
                    .orElse(0L);
        }
    }
}
