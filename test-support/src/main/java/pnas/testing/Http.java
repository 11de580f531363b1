package pnas.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.ConfigProvider;
import org.hamcrest.MatcherAssert;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the application under test, and what their answers must be, in the words of REST Assured:
 * {@code given().header("Origin", "null").get("/api/v1/workers").then().statusCode(403)}.
 *
 * <p>Addresses are sent as they are written, with all that is encoded in them; redirects are not followed.
 */
// REST Assured itself runs on Groovy, which took a seventh of the processor's time in the orchestrator's tests.
public final class Http {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One step of a path: a field, or {@code [0]}, or {@code [id=x]}. */
    private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(\\d+)]|\\[(\\w+)=([^]]*)]");

    private Http() {}

    /** Where the application under test listens. */
    public static URI server() {
        return URI.create(ConfigProvider.getConfig().getValue("test.url", String.class));
    }

    /** Begins a request to the application that is now under test. */
    public static Request given() {
        return new Request(server());
    }

    /** A request that is being written. */
    public static final class Request {
        private final URI server;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private final Map<String, String> cookies = new LinkedHashMap<>();
        private final Map<String, String> query = new LinkedHashMap<>();
        private final Map<String, String> form = new LinkedHashMap<>();
        private BodyPublisher body = BodyPublishers.noBody();

        private Request(URI server) {
            this.server = server;
        }

        /** Sets a header. */
        public Request header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        /** Says of which type the body is. */
        public Request contentType(String type) {
            return header("Content-Type", type);
        }

        /** Says which type of answer is wanted. */
        public Request accept(String type) {
            return header("Accept", type);
        }

        /** Adds a cookie. */
        public Request cookie(String name, String value) {
            cookies.put(name, value);
            return this;
        }

        /** Adds cookies by name. */
        public Request cookies(Map<String, String> more) {
            cookies.putAll(more);
            return this;
        }

        /** Adds a parameter to the address, encoded. */
        public Request queryParam(String name, String value) {
            query.put(name, value);
            return this;
        }

        /** Adds a field of a form, which the body then is. */
        public Request formParam(String name, String value) {
            form.put(name, value);
            return body(encoded(form));
        }

        /** Sets the body. */
        public Request body(String text) {
            body = BodyPublishers.ofString(text);
            return this;
        }

        /** Sets the body. */
        public Request body(byte[] bytes) {
            body = BodyPublishers.ofByteArray(bytes);
            return this;
        }

        /** Sends it as GET. */
        public Response get(String target) {
            return request("GET", target);
        }

        /** Sends it as GET. */
        public Response get(URI target) {
            return request("GET", target.toString());
        }

        /** Sends it as HEAD. */
        public Response head(String target) {
            return request("HEAD", target);
        }

        /** Sends it as POST. */
        public Response post(String target) {
            return request("POST", target);
        }

        /** Sends it as DELETE. */
        public Response delete(String target) {
            return request("DELETE", target);
        }

        /**
         * Sends it.
         *
         * @param target a path of the application under test, or a whole address
         */
        public Response request(String method, String target) {
            String address = target.startsWith("/") ? server + target : target;
            if (!query.isEmpty()) {
                address += "?" + encoded(query);
            }
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address))
                    .method(method, body)
                    .timeout(Duration.ofMinutes(1));
            headers.forEach(request::setHeader);
            if (!cookies.isEmpty()) {
                request.setHeader(
                        "Cookie",
                        cookies.entrySet().stream()
                                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                                .collect(Collectors.joining("; ")));
            }
            try {
                return new Response(method + " " + address, CLIENT.send(request.build(), BodyHandlers.ofString()));
            } catch (IOException e) {
                throw new UncheckedIOException(method + " " + address, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(method + " " + address, e);
            }
        }

        private static String encoded(Map<String, String> values) {
            return values.entrySet().stream()
                    .map(value -> URLEncoder.encode(value.getKey(), StandardCharsets.UTF_8) + "="
                            + URLEncoder.encode(value.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
        }
    }

    /** What came back. */
    public static final class Response {
        private final String request;
        private final HttpResponse<String> answer;

        private Response(String request, HttpResponse<String> answer) {
            this.request = request;
            this.answer = answer;
        }

        /** Its status. */
        public int statusCode() {
            return answer.statusCode();
        }

        /** Its body. */
        public String asString() {
            return answer.body();
        }

        /** What a header says that it has; where it has several of the name, all of them. */
        public String header(String name) {
            if (headers(name).isEmpty()) {
                throw new AssertionError("no " + name + ": " + this);
            }
            return String.join(", ", headers(name));
        }

        /** The same of each header of this name. */
        public List<String> headers(String name) {
            return answer.headers().allValues(name);
        }

        /** What it sets a cookie to. */
        public String cookie(String name) {
            String value = cookies().get(name);
            if (value == null) {
                throw new AssertionError("no cookie " + name + ": " + this);
            }
            return value;
        }

        /** All cookies that it sets, by name. */
        public Map<String, String> cookies() {
            return headers("Set-Cookie").stream()
                    .map(cookie -> cookie.split(";", 2)[0].split("=", 2))
                    .collect(Collectors.toMap(cookie -> cookie[0], cookie -> cookie[1], (one, later) -> later));
        }

        /**
         * What stands in its JSON, as text, number (a {@link Double} where it has a fraction), list or map; null where nothing does.
         *
         * @param path fields and places, such as {@code stages[0].cells}; a field of a list is the list of those of its elements, and {@code
         *     keys[id=x].name} belongs to the element with that id
         */
        // As the caller expects it, who is a test: another type fails there.
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
        public <T> T path(String path) {
            return (T) value(path);
        }

        private @Nullable Object value(String path) {
            @Nullable Object value;
            try {
                value = JSON.readValue(asString(), Object.class);
            } catch (JsonProcessingException e) {
                throw new AssertionError("no JSON: " + this, e);
            }
            Matcher step = STEP.matcher(path);
            while (value != null && step.find()) {
                if (step.group(1) != null) {
                    value = field(value, step.group(1));
                } else if (step.group(2) != null) {
                    value = ((List<?>) value).get(Integer.parseInt(step.group(2)));
                } else {
                    value = ((List<?>) value)
                            .stream()
                                    .filter(element ->
                                            step.group(4).equals(String.valueOf(field(element, step.group(3)))))
                                    .findFirst()
                                    .orElse(null);
                }
            }
            return value;
        }

        private static @Nullable Object field(Object value, String name) {
            return value instanceof List<?> list
                    ? list.stream().map(element -> field(element, name)).toList()
                    : ((Map<?, ?>) value).get(name);
        }

        /** What it must be. */
        public Expected then() {
            return new Expected(this);
        }

        @Override
        public String toString() {
            return request + " was answered " + statusCode() + " "
                    + answer.headers().map() + "\n" + asString();
        }
    }

    /** What an answer must be: whatever is not so fails the test. */
    public static final class Expected {
        private final Response response;

        private Expected(Response response) {
            this.response = response;
        }

        /** Its status. */
        public Expected statusCode(int status) {
            if (response.statusCode() != status) {
                throw new AssertionError("not " + status + ": " + response);
            }
            return this;
        }

        /** The type of its body, without the character set. */
        public Expected contentType(String type) {
            if (!response.header("Content-Type").split(";", 2)[0].equals(type)) {
                throw new AssertionError("no " + type + ": " + response);
            }
            return this;
        }

        /** A header. */
        public Expected header(String name, String value) {
            return header(name, org.hamcrest.Matchers.equalTo(value));
        }

        /** A header; null where it is missing. */
        public Expected header(String name, org.hamcrest.Matcher<?> matcher) {
            return holds(name, response.headers(name).isEmpty() ? null : response.header(name), matcher);
        }

        /** Its whole body. */
        public Expected body(org.hamcrest.Matcher<?> matcher) {
            return holds("body", response.asString(), matcher);
        }

        /** What stands at a {@linkplain Response#path path} of its JSON. */
        public Expected body(String path, org.hamcrest.Matcher<?> matcher) {
            return holds(path, response.value(path), matcher);
        }

        @SuppressWarnings("unchecked") // A matcher of another type says so.
        private Expected holds(String what, @Nullable Object value, org.hamcrest.Matcher<?> matcher) {
            MatcherAssert.assertThat(
                    what + " of: " + response, value, (org.hamcrest.Matcher<@Nullable Object>) matcher);
            return this;
        }

        /** The answer itself. */
        public Response extract() {
            return response;
        }
    }
}
