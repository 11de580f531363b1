package pnas.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static pnas.orchestrator.peer.Wait.await;
import static pnas.testing.Http.given;
import static pnas.testing.Http.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.QuickTimes;
import pnas.orchestrator.http.ProblemDocument;
import pnas.testing.KafkaAndDatabase;

/** Event streams when there are many of them, and when a client is slow or comes again. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(QuickTimes.class)
final class ManyStreamsTest {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int MOST = 220;

    private HttpClient client = HttpClient.newHttpClient();
    private String search = "";

    @Inject
    DataSource database;

    @Inject
    MeterRegistry metrics;

    @BeforeEach
    void begin() {
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        search = given().contentType("application/json")
                .body("{\"operations\": [\"identity\"], \"blocks\": 1, \"engine\": \"replay\"}")
                .post("/api/v1/experiments")
                .path("id");
        steer("pause");
    }

    @AfterEach
    void end() {
        client.shutdownNow();
        steer("cancel");
        await().atMost(BOUND).until(() -> streams() == 0);
    }

    @Test
    void two_hundred_streams_ask_the_database_less_often_than_each_once() {
        List<Counted> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(follow());
        }
        await().atMost(BOUND).until(() -> all.stream().allMatch(each -> each.events.get() == 3));
        assertThat(streams()).isEqualTo(200);
        double before = reads();

        for (int i = 0; i < 3; i++) {
            steer("resume");
            steer("pause");
        }

        await().atMost(BOUND).until(() -> all.stream().allMatch(each -> each.events.get() == 9));
        assertThat(reads() - before).isLessThan(200);
    }

    @Test
    void refuses_a_stream_too_many_until_another_one_ends() {
        List<Counted> all = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            all.add(follow());
        }
        await().atMost(BOUND).until(() -> streams() == MOST);
        double refused =
                metrics.get("pnas_event_streams_refused_total").counter().count();

        for (String path : List.of(path(), "/live", "/trainers/live", "/experiments/" + search + "/live")) {
            given().get(path)
                    .then()
                    .statusCode(429)
                    .header("Retry-After", "10")
                    .contentType(ProblemDocument.MEDIA_TYPE)
                    .body("type", equalTo("urn:pnas:problem:too-many-streams"))
                    .body("detail", containsString("pnas.streams.most-per-caller"));
        }
        assertThat(metrics.get("pnas_event_streams_refused_total").counter().count())
                .isEqualTo(refused + 4);

        all.getFirst().leave();
        await().atMost(BOUND).until(() -> streams() == MOST - 1);
        Counted next = follow();
        await().atMost(BOUND).until(() -> next.events.get() == 3);
    }

    @Test
    void drops_a_client_that_takes_nothing_while_others_get_everything() throws Exception {
        double dropped =
                metrics.get("pnas_event_streams_dropped_total").counter().count();
        try (Socket stalled = new Socket()) {
            stalled.setReceiveBufferSize(4096);
            stalled.connect(new InetSocketAddress(server().getHost(), server().getPort()));
            stalled.getOutputStream()
                    .write(("GET " + path() + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            Counted other = follow();
            await().atMost(BOUND).until(() -> streams() == 2 && other.events.get() == 3);

            tell(search, 4000, "x".repeat(4000));

            await().atMost(BOUND).until(() -> other.events.get() == 4003);
            await().atMost(BOUND)
                    .until(() -> metrics.get("pnas_event_streams_dropped_total")
                                    .counter()
                                    .count()
                            == dropped + 1);
            await().atMost(BOUND).until(() -> streams() == 1);
            // It ends, and not with the last of what there was to send.
            assertThat(bytesUntilTheEnd(stalled.getInputStream())).isLessThan(4000L * 4000);
        }
    }

    private static long bytesUntilTheEnd(InputStream stream) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long bytes = 0;
        try {
            for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                bytes += read;
            }
        } catch (SocketException reset) {
            // As good an end as any.
        }
        return bytes;
    }

    @Test
    void a_client_that_comes_again_misses_nothing_and_gets_nothing_twice() throws Exception {
        String other = given().contentType("application/json")
                .body("{\"operations\": [\"identity\"], \"blocks\": 1, \"engine\": \"replay\"}")
                .post("/api/v1/experiments")
                .path("id");
        int count = 400;
        CompletableFuture<Void> writer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            // Ids of the other search lie between those of this one and are seen later.
            try (Connection open = database.getConnection()) {
                open.setAutoCommit(false);
                for (int i = 0; i < count; i++) {
                    insert(open, other, 1, "y");
                    tell(search, 1, "x");
                }
                open.commit();
                writer.complete(null);
            } catch (SQLException | RuntimeException e) {
                writer.completeExceptionally(e);
            }
        });
        List<Long> has = new ArrayList<>();
        while (has.size() < count + 3) {
            readSome(has, Math.min(37, count + 3 - has.size()));
        }
        writer.join();

        assertThat(has).isEqualTo(ids(search));
        given().contentType("application/json")
                .post("/api/v1/experiments/" + other + ":cancel")
                .then()
                .statusCode(200);
    }

    private void readSome(List<Long> has, int some) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server().resolve(path()));
        if (!has.isEmpty()) {
            request.header("Last-Event-ID", Long.toString(has.getLast()));
        }
        HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            int more = some;
            while (more > 0) {
                String line = lines.readLine();
                if (line.startsWith("id:")) {
                    has.add(Long.valueOf(line.substring(3).strip()));
                    more--;
                }
            }
        }
    }

    private List<Long> ids(String experiment) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select id from event where experiment_id = '" + experiment + "' order by id")) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    private void tell(String experiment, int count, String text) throws SQLException {
        try (Connection connection = database.getConnection()) {
            insert(connection, experiment, count, text);
        }
    }

    private static void insert(Connection connection, String experiment, int count, String cause) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("insert into event (experiment_id, type, body) select '" + experiment
                    + "', 'trial.failed', '{\"cause\": \"" + cause + "\"}' from generate_series(1, " + count + ")");
        }
    }

    private void steer(String verb) {
        given().contentType("application/json")
                .post("/api/v1/experiments/" + search + ":" + verb)
                .then()
                .statusCode(200);
    }

    private double streams() {
        return metrics.get("pnas_event_streams").gauge().value();
    }

    private double reads() {
        return metrics.get("pnas_event_reads_total").counter().count();
    }

    private String path() {
        return "/api/v1/experiments/" + search + "/events";
    }

    private Counted follow() {
        Counted counted = new Counted();
        HttpRequest request = HttpRequest.newBuilder(server().resolve(path())).build();
        CompletableFuture<HttpResponse<Void>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.fromLineSubscriber(counted));
        assertThat(answer).isNotCompletedExceptionally();
        return counted;
    }

    /** A client that counts the events that it gets. */
    private static final class Counted implements Flow.Subscriber<String> {
        private final AtomicInteger events = new AtomicInteger();
        private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

        void leave() {
            subscription.join().cancel();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription.complete(subscription);
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            if (line.startsWith("id:")) {
                events.incrementAndGet();
            }
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
