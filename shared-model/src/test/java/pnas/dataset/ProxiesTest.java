package pnas.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.failure.PnasException;

class ProxiesTest {
    private static final byte[] CONTENT = "the file".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NOT_LET_IN =
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "direct", textBlock = """
                    https_proxy=http://p:3128                  | https://example.org/f      | p:3128, which https_proxy names
                    HTTPS_PROXY=http://p:3128/                 | https://example.org/f      | p:3128, which HTTPS_PROXY names
                    https_proxy=http://p:1 HTTPS_PROXY=http://q:2 | https://example.org/f   | p:1, which https_proxy names
                    https_proxy=p:3128                         | https://example.org/f      | p:3128, which https_proxy names
                    https_proxy=http://p                       | https://example.org/f      | p:1080, which https_proxy names
                    https_proxy=http://[::2]:7                 | https://example.org/f      | ::2:7, which https_proxy names
                    http_proxy=http://p:3128                   | https://example.org/f      | direct
                    http_proxy=http://p:3128                   | http://example.org/f       | p:3128, which http_proxy names
                    all_proxy=socks5://p:9                     | https://example.org/f      | p:9, which all_proxy names
                    ALL_PROXY=http://p:9 https_proxy=http://q:1 | https://example.org/f     | q:1, which https_proxy names
                    https_proxy=http://user:secret@p:3128      | https://example.org/f      | p:3128, which https_proxy names
                    https_proxy=http://p:1 no_proxy=example.org | https://example.org/f     | direct
                    https_proxy=http://p:1 no_proxy=.example.org | https://www.example.org/f | direct
                    https_proxy=http://p:1 no_proxy=example.org | https://www.example.org/f | direct
                    https_proxy=http://p:1 no_proxy=example.org | https://anexample.org/f   | p:1, which https_proxy names
                    https_proxy=http://p:1 NO_PROXY=a.org,EXAMPLE.org | https://Example.ORG/f | direct
                    https_proxy=http://p:1 no_proxy=example.org:8443 | https://example.org/f | p:1, which https_proxy names
                    https_proxy=http://p:1 no_proxy=example.org:8443 | https://example.org:8443/f | direct
                    https_proxy=http://p:1 no_proxy=*          | https://example.org/f      | direct
                    https_proxy=http://p:1 no_proxy=10.0.0.0/8 | https://10.200.3.4/f       | direct
                    https_proxy=http://p:1 no_proxy=10.0.0.0/8 | https://11.0.0.1/f         | p:1, which https_proxy names
                    https_proxy=http://p:1 no_proxy=10.1.2.3/32 | https://10.1.2.3/f        | direct
                    https_proxy=http://p:1 no_proxy=a.org,192.168.4.0/22 | https://192.168.7.255:99/f | direct
                    https_proxy=http://p:1 no_proxy=192.168.4.0/22 | https://192.168.8.0/f  | p:1, which https_proxy names
                    https_proxy=http://p:1 no_proxy=0.0.0.0/0  | https://8.8.8.8/f          | direct
                    https_proxy=http://p:1 no_proxy=fd00::/8   | https://[fd12::7]/f        | direct
                    https_proxy=http://p:1 no_proxy=[fd00::]/8 | https://[fe80::7]/f        | p:1, which https_proxy names
                    https_proxy=http://p:1 no_proxy=::/0       | https://10.0.0.1/f         | p:1, which https_proxy names
                    https_proxy=http://p:1 no_proxy=10.0.0.0/33 | https://10.0.0.1/f        | p:1, which https_proxy names
                    https_proxy=http://p:1 no_proxy=10.0.0.0/  | https://10.0.0.1/f         | p:1, which https_proxy names
                    https_proxy=http://p:1 no_proxy=10.0.0.0/8 | https://example.org/f      | p:1, which https_proxy names
                    all_proxy=http://p:1                       | http://localhost:8080/f    | direct
                    all_proxy=http://p:1                       | http://127.0.0.1:8080/f    | direct
                    all_proxy=http://p:1                       | http://[::1]:8080/f        | direct
                    """)
    void chooses_a_proxy_as_curl_does(String variables, URI address, String expected) {
        Map<String, String> environment = new HashMap<>();
        for (String variable : variables.split(" ")) {
            environment.put(
                    variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1));
        }

        assertThat(new Proxies(environment)
                        .of(address)
                        .map(Proxies.Named::toString)
                        .orElse(null))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://user:secret@",
                "https://user:secret@p:1",
                "http://user:secret@p:99999999",
                "http://user:sec ret@p"
            })
    void a_variable_that_names_no_proxy_is_named_without_its_password(String value) {
        assertThatThrownBy(() -> new Proxies(Map.of("https_proxy", value)).of(URI.create("https://example.org/")))
                .isInstanceOf(PnasException.class)
                .hasMessageStartingWith("the variable https_proxy must name a proxy like ")
                .hasNoCause();
    }

    @Test
    void a_file_comes_through_a_proxy() throws IOException {
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> asked = new ArrayList<>();
        proxy.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT);
            exchange.close();
        });
        proxy.start();
        try {
            download("http://data.invalid/archive")
                    .run(
                            line -> {},
                            () -> false,
                            through("http_proxy", "", proxy.getAddress().getPort()));
        } finally {
            proxy.stop(0);
        }

        assertThat(folder.resolve("archive")).hasBinaryContent(CONTENT);
        assertThat(asked).containsExactly("http://data.invalid/archive");
    }

    @Test
    void a_proxy_of_https_is_told_the_password_when_it_asks() throws Exception {
        List<String> told = new ArrayList<>();
        List<String> asked = new CopyOnWriteArrayList<>();
        try (ServerSocket proxy = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> letNobodyIn(proxy, asked));

            assertThatThrownBy(() -> download("https://data.invalid/archive")
                            .run(
                                    told::add,
                                    () -> false,
                                    through("HTTPS_PROXY", "user:pass%20word@", proxy.getLocalPort())))
                    .isInstanceOf(PnasException.class)
                    .hasMessageContaining(
                            "through the proxy 127.0.0.1:%d, which HTTPS_PROXY names".formatted(proxy.getLocalPort()))
                    .hasMessageNotContaining("pass");
        }

        assertThat(asked.getFirst())
                .startsWith("CONNECT data.invalid:443 HTTP/1.1\n")
                .doesNotContainIgnoringCase("authorization");
        assertThat(asked.get(1)).containsIgnoringCase("Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=\n");
        assertThat(told).noneMatch(line -> line.contains("pass"));
    }

    private static void letNobodyIn(ServerSocket proxy, List<String> asked) {
        while (true) {
            try (Socket client = proxy.accept();
                    BufferedReader request = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                    OutputStream response = client.getOutputStream()) {
                StringBuilder head = new StringBuilder();
                for (String line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
                    head.append(line).append('\n');
                }
                asked.add(head.toString());
                response.write(NOT_LET_IN);
            } catch (IOException e) {
                return; // The test is over.
            }
        }
    }

    private Download download(String from) {
        return new Download(
                URI.create(from),
                DigestUtils.sha256Hex(CONTENT),
                CONTENT.length,
                folder.resolve("archive"),
                Duration.ZERO);
    }

    private static Proxies through(String variable, String login, int port) {
        return new Proxies(Map.of(variable, "http://" + login + "127.0.0.1:" + port));
    }
}
