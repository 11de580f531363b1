package pnas.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.network.ImageShape;

/** Data sets from elsewhere, which a server of the test has. */
class DataCacheTest {
    private static final ImageShape SMALL = new ImageShape(4, 4, 3);

    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private byte[] content = {};
    private int cutAt = Integer.MAX_VALUE;
    private HttpServer server;

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void listen() throws IOException {
        Files.createDirectory(data());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void close() {
        open.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.incrementAndGet();
            first.countDown();
            if (exchange.getRequestURI().getPath().startsWith("/slow")) {
                open.await();
            }
            String range = exchange.getRequestHeaders().getFirst("Range");
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            int size = content.length - from;
            exchange.sendResponseHeaders(from == 0 ? 200 : 206, size);
            exchange.getResponseBody().write(content, from, Math.min(size, cutAt));
            cutAt = Integer.MAX_VALUE;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void fetches_cifar10_once_and_goes_on_where_the_transfer_was_cut() throws IOException {
        Map<String, byte[]> files =
                Map.of("data_batch_1.bin", CifarFiles.batch(20, 1), "test_batch.bin", CifarFiles.batch(10, 2));
        content = CifarFiles.archive(files);
        cutAt = 1000;
        source("cifar10", "/object?signature=secret");

        assertThat(folder().has("cifar10")).isTrue();
        Contents fetched = folder().describe("cifar10", SMALL);
        assertThat(requests).hasValue(2);
        assertThat(folder().read("cifar10", SMALL).contents()).isEqualTo(fetched);
        assertThat(requests).hasValue(2);

        CifarFiles.pack(Files.createDirectory(directory.resolve("by-hand")), files);
        assertThat(fetched).isEqualTo(new DataFolder(directory.resolve("by-hand")).describe("cifar10", SMALL));
    }

    @Test
    void unpacks_a_folder_of_images_as_it_was_packed() throws IOException {
        content = tar(
                Map.of("pets/README", "text", "./pets/cats/1.png", "1", "pets/dogs/2.png", "2", "pets/.hidden/3", "3"),
                TarConstants.LF_NORMAL);
        source("pets", "/pets.tar.gz");
        Path cached = cache().fetched(DataSource.read("pets", data().resolve("pets.source")), () -> false);
        assertThat(files(cached)).containsExactly("README", "cats/1.png", "dogs/2.png");
        assertThat(files(cached.resolve("..").normalize()))
                .containsExactly(".lock", "pets/README", "pets/cats/1.png", "pets/dogs/2.png");
    }

    @Test
    void reads_a_folder_of_images_that_lies_elsewhere() throws IOException {
        Map<String, byte[]> images = new LinkedHashMap<>();
        for (int number = 0; number < 10; number++) {
            images.put("cats/" + number + ".png", png(number));
            images.put("dogs/" + number + ".png", png(100 + number));
        }
        content = tarOf(images);
        source("pets", "/pets.tar.gz");
        Contents contents = folder().describe("pets", SMALL);
        assertThat(contents.classes()).isEqualTo(2);
        assertThat(contents.images()).isEqualTo(20);
    }

    @Test
    void fetches_once_for_several_processes_and_threads() throws Exception {
        content = CifarFiles.archive(
                Map.of("data_batch_1.bin", CifarFiles.batch(20, 1), "test_batch.bin", CifarFiles.batch(10, 2)));
        source("cifar10", "/slow");
        List<Process> others = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < 2; number++) {
                others.add(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Fetching.class.getName(),
                                data().toString(),
                                directory.resolve("cache").toString())
                        .inheritIO()
                        .redirectOutput(ProcessBuilder.Redirect.PIPE)
                        .start());
            }
            Future<Contents> here = threads.submit(() -> folder().describe("cifar10", SMALL));
            Future<Contents> there = threads.submit(() -> folder().describe("cifar10", SMALL));
            for (Process other : others) {
                // It has begun, and waits or fetches.
                assertThat(other.inputReader().readLine()).isEqualTo("begins");
            }
            first.await();
            open.countDown();
            assertThat(here.get()).isEqualTo(there.get());
            for (Process other : others) {
                assertThat(other.inputReader().readLine()).isEqualTo(here.get().contentHash());
                assertThat(other.waitFor()).isZero();
            }
            assertThat(requests).hasValue(1);
        } finally {
            others.forEach(Process::destroyForcibly);
        }
    }

    /** Reads the data set in a process of its own. */
    static final class Fetching {
        private Fetching() {}

        public static void main(String[] arguments) {
            System.out.println("begins");
            System.out.println(new DataFolder(Path.of(arguments[0]), Path.of(arguments[1]), true)
                    .describe("cifar10", SMALL)
                    .contentHash());
        }
    }

    @Test
    void a_training_that_is_stopped_waits_for_no_data() throws Exception {
        content = new byte[10];
        source("cifar10", "/slow");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var _ = threads.submit(() -> folder().describe("cifar10", SMALL));
            first.await();
            assertThatThrownBy(() -> folder().fetch("cifar10", () -> true)).isInstanceOf(CancellationException.class);
            open.countDown();
        }
    }

    @Test
    void refuses_another_archive_and_names_no_secret() throws IOException {
        content = new byte[] {1, 2, 3};
        write("cifar10", url("/object?signature=secret"), "0".repeat(64));
        assertThatThrownBy(() -> folder().read("cifar10", SMALL))
                .hasMessageContaining(url("/object") + " is another file than expected")
                .hasMessageContaining("its SHA-256 is " + sha256() + ", not " + "0".repeat(64))
                .hasMessageNotContaining("secret")
                .extracting(failure -> ((PnasException) failure).code())
                .isEqualTo(ErrorCode.DATA_SET_MISMATCH);
    }

    @ParameterizedTest
    @CsvSource({
        "../../cats/1.png, leads out of its folder",
        "/etc/cats/1.png, leads out of its folder",
        "a/b/c/1.png, 'expected files CLASS/FILE or FOLDER/CLASS/FILE, got ''a/b/c/1.png'''",
    })
    void refuses_archives_that_lead_elsewhere(String entry, String refusal) throws IOException {
        content = tar(Map.of(entry, "1"), TarConstants.LF_NORMAL);
        source("pets", "/pets.tar.gz");
        assertThatThrownBy(() -> folder().read("pets", SMALL)).hasMessageContaining(refusal);
    }

    @Test
    void refuses_archives_with_links_and_those_that_are_none() throws IOException {
        content = tar(Map.of("cats/1.png", ""), TarConstants.LF_SYMLINK);
        source("pets", "/pets.tar.gz");
        assertThatThrownBy(() -> folder().read("pets", SMALL)).hasMessageContaining("got 'cats/1.png'");

        content = tar(Map.of("cats/" + "x".repeat(256), "1"), TarConstants.LF_NORMAL);
        source("pets", "/pets.tar.gz");
        assertThatThrownBy(() -> folder().read("pets", SMALL))
                .hasMessage("pets: has a file with a name of more than 255 bytes");

        content = gzip("no tar archive".repeat(100).getBytes(StandardCharsets.UTF_8));
        source("pets", "/pets.tar.gz");
        assertThatThrownBy(() -> folder().read("pets", SMALL))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_SET_UNREADABLE))
                .hasMessageStartingWith("pets: is no gzipped tar archive");

        content = "no archive".getBytes(StandardCharsets.UTF_8);
        source("pets", "/pets.tar.gz");
        assertThatThrownBy(() -> folder().read("pets", SMALL))
                .hasMessageStartingWith("pets: is no gzipped tar archive");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.org/data",
                "ftp://example.org/data",
                "https://user:secret@example.org/data",
                "https:data",
                "https://exa mple.org/secret"
            })
    void takes_addresses_that_nobody_on_the_way_can_read(String url) throws IOException {
        write("pets", url, "0".repeat(64));
        assertThatThrownBy(() -> folder().read("pets", SMALL))
                .hasMessageStartingWith("pets.source: url ")
                .hasMessageNotContaining("secret");
    }

    @Test
    void says_what_a_source_must_hold() throws IOException {
        Files.writeString(data().resolve("pets.source"), "url=https://example.org/pets.tar.gz\nsize=3");
        assertThatThrownBy(() -> folder().read("pets", SMALL))
                .hasMessage("pets.source: expected the lines url=… and sha256=…, got those of [size, url]");
        write("pets", "https://example.org/pets.tar.gz", "abc");
        assertThatThrownBy(() -> folder().read("pets", SMALL))
                .hasMessage("pets.source: sha256 must be 64 lower-case hex digits, got 'abc'");
        assertThatThrownBy(() -> folder().read("cats", SMALL)).hasMessageEndingWith("only digits, pets");
    }

    private DataFolder folder() {
        return new DataFolder(data(), directory.resolve("cache"), true);
    }

    private DataCache cache() {
        return new DataCache(directory.resolve("cache"));
    }

    private Path data() {
        return directory.resolve("data");
    }

    private String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    /** Says that what the server has is a data set. */
    private void source(String name, String path) throws IOException {
        write(name, url(path), sha256());
    }

    private void write(String name, String url, String sha256) throws IOException {
        Files.writeString(data().resolve(name + ".source"), "url=" + url + "\nsha256=" + sha256 + "\n");
    }

    private String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] tar(Map<String, String> texts, byte type) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        texts.forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return tar(files, type, true);
    }

    private static byte[] tarOf(Map<String, byte[]> files) throws IOException {
        return tar(files, TarConstants.LF_NORMAL, true);
    }

    private static byte[] tar(Map<String, byte[]> files, byte type, boolean keepNames) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), type, keepNames);
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
            packed.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] png(int shade) throws IOException {
        BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, shade);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
