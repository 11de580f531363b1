package pnas.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a server of the test, which breaks connections, forgets ranges, and sends other files. */
class DownloadTest {
    private final byte[] content = new byte[1_000_000];
    /** For each request how many bytes it gets before the connection is cut; all once there are no more. */
    private final Deque<Integer> cuts = new ArrayDeque<>();

    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
    private final StringWriter told = new StringWriter();
    private boolean knowsRanges = true;
    private int status;
    private HttpServer server;

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void listen() throws IOException {
        new Random(1).nextBytes(content);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String range = exchange.getRequestHeaders().getFirst("Range");
            ranges.add(String.valueOf(range));
            if (status != 0) {
                exchange.sendResponseHeaders(status, -1);
                return;
            }
            int from = range == null || !knowsRanges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            if (from >= content.length) {
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            int size = content.length - from;
            exchange.sendResponseHeaders(from == 0 ? 200 : 206, size);
            Integer cut = cuts.poll();
            exchange.getResponseBody().write(content, from, cut == null ? size : cut);
            exchange.getResponseBody().flush();
        }
    }

    @Test
    void brings_a_file_and_tells_how_far_it_is() throws IOException {
        download(checksum()).run(new PrintWriter(told));

        assertThat(Files.readAllBytes(target())).isEqualTo(content);
        assertThat(folder.resolve("archive.part")).doesNotExist();
        assertThat(told.toString())
                .startsWith("Downloading http://")
                .containsPattern(" 1[0-9] % of 1.0 MiB")
                .contains("100 % of 1.0 MiB");
    }

    @Test
    void goes_on_where_a_connection_broke() throws IOException {
        cuts.addAll(List.of(300_000, 200_000, 1));

        download(checksum()).run(new PrintWriter(told));

        assertThat(Files.readAllBytes(target())).isEqualTo(content);
        assertThat(ranges).containsExactly("null", "bytes=300000-", "bytes=500000-", "bytes=500001-");
        assertThat(told.toString()).contains("The connection broke");
    }

    @Test
    void goes_on_where_an_earlier_run_ended() throws IOException {
        Files.write(folder.resolve("archive.part"), Arrays.copyOf(content, 400_000));
        download(checksum()).run(new PrintWriter(told));
        assertThat(Files.readAllBytes(target())).isEqualTo(content);
        assertThat(ranges).containsExactly("bytes=400000-");

        Files.write(folder.resolve("archive.part"), content);
        download(checksum()).run(new PrintWriter(told));
        assertThat(Files.readAllBytes(target())).isEqualTo(content);
    }

    @Test
    void begins_again_where_the_server_knows_no_ranges() throws IOException {
        knowsRanges = false;
        cuts.add(300_000);
        download(checksum()).run(new PrintWriter(told));
        assertThat(Files.readAllBytes(target())).isEqualTo(content);
    }

    @Test
    void gives_up_when_nothing_comes_and_keeps_what_came() {
        cuts.addAll(List.of(300_000, 0, 0, 0, 0, 0));
        assertThatThrownBy(() -> download(checksum()).run(new PrintWriter(told)))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("0.3 MiB of it are in " + folder.resolve("archive.part"))
                .hasMessageContaining("--data");
        assertThat(target()).doesNotExist();
        assertThat(folder.resolve("archive.part")).hasSize(300_000);

        status = 404;
        assertThatThrownBy(() -> download(checksum()).run(new PrintWriter(told)))
                .hasMessageContaining("status 404");
    }

    @Test
    void deletes_another_file_than_the_one_expected() {
        assertThatThrownBy(() -> download("0".repeat(64)).run(new PrintWriter(told)))
                .hasMessageContaining("its SHA-256 is " + checksum());
        assertThat(folder).isEmptyDirectory();
    }

    private Path target() {
        return folder.resolve("archive");
    }

    private Download download(String checksum) {
        URI from = URI.create("http://localhost:" + server.getAddress().getPort() + "/archive");
        return new Download(from, checksum, target(), Duration.ofMillis(1));
    }

    private String checksum() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
