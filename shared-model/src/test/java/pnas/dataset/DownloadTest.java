package pnas.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
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
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;

/** Downloads from a server of the test, which breaks connections, forgets ranges, and sends other files. */
class DownloadTest {
    private final byte[] content = new byte[1_000_000];
    /** For each request how many bytes it gets before the connection is cut; all once there are no more. */
    private final Deque<Integer> cuts = new ArrayDeque<>();

    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
    private final List<String> told = new ArrayList<>();
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
        run(download(checksum()));

        assertThat(Files.readAllBytes(target())).isEqualTo(content);
        assertThat(folder.resolve("archive.part")).doesNotExist();
        assertThat(told)
                .first(STRING)
                .isEqualTo("Downloading http://localhost:" + server.getAddress().getPort() + "/archive");
        assertThat(told)
                .anySatisfy(line -> assertThat(line).matches(" 1[0-9] % of 1.0 MiB"))
                .last()
                .isEqualTo("100 % of 1.0 MiB");
    }

    @Test
    void goes_on_where_a_connection_broke() throws IOException {
        cuts.addAll(List.of(300_000, 200_000, 1));

        run(download(checksum()));

        assertThat(Files.readAllBytes(target())).isEqualTo(content);
        assertThat(ranges).containsExactly("null", "bytes=300000-", "bytes=500000-", "bytes=500001-");
        assertThat(told).anySatisfy(line -> assertThat(line).contains("The connection broke"));
    }

    @Test
    void goes_on_where_an_earlier_run_ended() throws IOException {
        Files.write(folder.resolve("archive.part"), Arrays.copyOf(content, 400_000));
        run(download(checksum()));
        assertThat(Files.readAllBytes(target())).isEqualTo(content);
        assertThat(ranges).containsExactly("bytes=400000-");

        Files.write(folder.resolve("archive.part"), content);
        run(download(checksum()));
        assertThat(Files.readAllBytes(target())).isEqualTo(content);
    }

    @Test
    void begins_again_where_the_server_knows_no_ranges() throws IOException {
        knowsRanges = false;
        cuts.add(300_000);
        run(download(checksum()));
        assertThat(Files.readAllBytes(target())).isEqualTo(content);
    }

    @Test
    void gives_up_when_nothing_comes_and_keeps_what_came() {
        cuts.addAll(List.of(300_000, 0, 0, 0, 0, 0));
        assertThatThrownBy(() -> run(download(checksum())))
                .hasMessageContaining("0.3 MiB of it are in " + folder.resolve("archive.part"))
                .extracting(failure -> ((PnasException) failure).code())
                .isEqualTo(ErrorCode.STORAGE_FAILURE);
        assertThat(target()).doesNotExist();
        assertThat(folder.resolve("archive.part")).hasSize(300_000);

        status = 404;
        assertThatThrownBy(() -> run(download(checksum()))).hasMessageContaining("status 404");
    }

    @Test
    void deletes_another_file_than_the_one_expected() {
        assertThatThrownBy(() -> run(download("0".repeat(64))))
                .hasMessageContaining("its SHA-256 is " + checksum() + ", not " + "0".repeat(64))
                .extracting(failure -> ((PnasException) failure).code())
                .isEqualTo(ErrorCode.DATA_SET_MISMATCH);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void takes_no_more_than_a_file_may_have() {
        assertThatThrownBy(() -> run(new Download(address(), checksum(), 999_999, target(), Duration.ZERO)))
                .hasMessageEndingWith("/archive has more than 999999 bytes");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void stops_when_nobody_wants_it_and_keeps_what_came() {
        assertThatThrownBy(() -> download(checksum())
                        .run(told::add, () -> Files.exists(folder.resolve("archive.part")) && told.size() > 2))
                .isInstanceOf(CancellationException.class);
        assertThat(folder.resolve("archive.part")).isNotEmptyFile();
    }

    private Path target() {
        return folder.resolve("archive");
    }

    private URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/archive?signature=secret");
    }

    private Download download(String checksum) {
        return new Download(address(), checksum, content.length, target(), Duration.ofMillis(1));
    }

    private void run(Download download) {
        download.run(told::add, () -> false);
    }

    private String checksum() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
