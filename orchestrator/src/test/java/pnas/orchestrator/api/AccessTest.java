package pnas.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static pnas.orchestrator.peer.Wait.await;
import static pnas.testing.Http.given;
import static pnas.testing.Http.server;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import pnas.access.ApiKey;
import pnas.orchestrator.http.KeyMechanism;
import pnas.orchestrator.http.ProblemDocument;
import pnas.orchestrator.peer.Management;
import pnas.testing.Http.Request;
import pnas.testing.Http.Response;
import pnas.testing.KafkaAndDatabase;

/** Who may do what, where keys are asked for. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@TestProfile(KeysAndCluster.class)
final class AccessTest {
    static final ApiKey FIRST = new ApiKey("pnas_0123456789_" + "0123456789abcdef".repeat(4));
    static final ApiKey SECOND = new ApiKey("pnas_1123456789_" + "0123456789abcdef".repeat(4));
    private static final String CODES = "/api/v1/sign-in-codes";
    private static final String EXPERIMENTS = "/api/v1/experiments";
    private static final String KEYS = "/api/v1/keys";
    private static final String SEARCH = "{\"engine\": \"replay\", \"operations\": [\"identity\"], \"blocks\": 1}";

    @Inject
    DataSource database;

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/experiments",
        "GET, /api/v1/workers",
        "GET, /api/v1/keys",
        "GET, /q/openapi",
        "GET, /nothing",
        "GET, /live",
        "POST, /api/v1/experiments",
        "POST, /api/v1/experiments/aaaaaaaa:pause",
        "DELETE, /api/v1/experiments/aaaaaaaa"
    })
    void nothing_opens_without_a_key(String method, String path) {
        given().contentType("application/json")
                .request(method, path)
                .then()
                .statusCode(401)
                .contentType(ProblemDocument.MEDIA_TYPE)
                .header("WWW-Authenticate", "Bearer")
                .body("type", equalTo("urn:pnas:problem:key-needed"))
                .body("detail", containsString("--key-file"));
    }

    @ParameterizedTest
    @CsvSource({
        "viewer, 200, 403, 403",
        "operator, 200, 200, 403",
        "admin, 200, 200, 200",
    })
    void a_role_opens_what_it_is_for(String role, int reading, int changing, int keys) {
        String key = newKey(role);
        with(key).get(EXPERIMENTS).then().statusCode(reading);
        with(key).get("/").then().statusCode(reading);
        with(key).body(SEARCH).post(EXPERIMENTS + "?dryRun=true").then().statusCode(changing);
        with(key).get(KEYS).then().statusCode(keys);
        // Addresses that a careless comparison takes for others.
        with(key).get("/api/v1/%6beys").then().statusCode(keys);
        with(key).get("/api/v1/keys;a=b").then().statusCode(keys);
    }

    @Test
    void health_and_metrics_are_served_at_a_port_of_their_own_and_nothing_else() {
        assertThat(Management.get("/q/health/live")).contains("UP");
        for (String path : List.of("/q/health/live", "/q/metrics")) {
            admin().get(path).then().statusCode(404);
        }
        given().get(Management.address(EXPERIMENTS)).then().statusCode(404);
    }

    @Test
    void a_refusal_says_which_role_is_missing() {
        with(newKey("viewer"))
                .body(SEARCH)
                .post(EXPERIMENTS)
                .then()
                .statusCode(403)
                .contentType(ProblemDocument.MEDIA_TYPE)
                .body("type", equalTo("urn:pnas:problem:role-needed"))
                .body("detail", equalTo("the role operator is needed for POST /api/v1/experiments"));
        with(newKey("operator"))
                .body("{}")
                .post(KEYS)
                .then()
                .statusCode(403)
                .body("detail", containsString("the role admin"));
    }

    @Test
    void an_experiment_tells_who_created_it() {
        String name = "somebody " + UUID.randomUUID();
        String key = newKey("operator", name, null);
        String id = startedBy(name, with(key));
        with(key).get("/experiments/" + id).then().body(containsString(name));
        with(key).get(EXPERIMENTS).then().body("experiments.createdBy", hasItem(name));
        cancel(id, with(key));
    }

    @Test
    void a_key_is_told_once_and_stored_as_a_hash() throws Exception {
        String name = "once " + UUID.randomUUID();
        String key = newKey("viewer", name, 30);
        String id = new ApiKey(key).id();

        with(key).get(EXPERIMENTS).then().statusCode(200);
        String listed = admin().get(KEYS)
                .then()
                .statusCode(200)
                .body("keys[id=" + id + "].name", equalTo(name))
                .body("keys[id=" + id + "].createdBy", equalTo("admin"))
                .body("keys[id=" + id + "].expiresAt", not(nullValue()))
                .body("keys[id=" + id + "].lastUsedAt", not(nullValue()))
                .extract()
                .asString();
        assertThat(listed).doesNotContain(key, new ApiKey(key).hash());
        try (var connection = database.getConnection();
                var rows = connection
                        .createStatement()
                        .executeQuery("select api_key::text, hash from api_key where id = '" + id + "'")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).doesNotContain(key.substring(key.length() - 64));
            assertThat(rows.getString(2)).isEqualTo(new ApiKey(key).hash());
        }
    }

    @Test
    void a_key_that_is_wrong_revoked_or_expired_opens_nothing() throws Exception {
        refused(ApiKey.draw(new SecureRandom()).text(), "there is no such key", "unknown");
        refused("pnas_abc", "this is no key", "malformed");

        String key = newKey("viewer");
        String other = key.substring(0, key.length() - 1) + (key.endsWith("0") ? "1" : "0");
        refused(other, "there is no such key", "unknown");

        revoke(key);
        refused(key, "was revoked", "revoked");

        String old = newKey("viewer");
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate("update api_key set expires_at = now() where id = '" + new ApiKey(old).id() + "'");
        }
        refused(old, "has expired", "expired");
        given().header("Authorization", "Bearer something-else")
                .get(EXPERIMENTS)
                .then()
                .statusCode(401)
                .body("detail", containsString("token"));
    }

    private static void revoke(String key) {
        admin().body("{}")
                .post(KEYS + "/" + new ApiKey(key).id() + ":revoke")
                .then()
                .statusCode(200);
    }

    private static void refused(String key, String why, String reason) {
        double before = refusals(reason);
        with(key).get(EXPERIMENTS).then().statusCode(401).body("detail", containsString(why));
        assertThat(refusals(reason)).isEqualTo(before + 1);
    }

    private static double refusals(String reason) {
        String series = "pnas_access_refused_total{reason=\"" + reason + "\"} ";
        return Management.get("/q/metrics")
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_key_needs_a_new_name_and_a_known_role() {
        String name = "twice " + UUID.randomUUID();
        newKey("viewer", name, null);
        admin().body("{\"name\": \"" + name + "\", \"role\": \"viewer\"}")
                .post(KEYS)
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("name"))
                .body("errors[0].message", containsString("another key"));
        admin().body("{\"role\": \"root\", \"days\": 0}")
                .post(KEYS)
                .then()
                .statusCode(400)
                .body("errors.field", equalTo(List.of("name", "role", "days")))
                .body("errors[1].message", equalTo("must be one of viewer, operator, admin, got 'root'"));
        admin().body("{}").post(KEYS + "/0000000000:revoke").then().statusCode(404);
    }

    @Test
    void of_two_who_make_a_key_of_one_name_at_the_same_time_one_is_told() throws Exception {
        String name = "at once " + UUID.randomUUID();
        try (Connection other = database.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("insert into api_key (id, name, role, hash) values ('%s', '%s', 'VIEWER', '%s')"
                    .formatted(UUID.randomUUID(), name, UUID.randomUUID()));
            Request second = admin().body("{\"name\": \"" + name + "\", \"role\": \"viewer\"}");
            CompletableFuture<Response> answer = CompletableFuture.supplyAsync(() -> second.post(KEYS));
            await().until(() -> somebodyWaits());
            other.commit();
            answer.get()
                    .then()
                    .statusCode(409)
                    .contentType(ProblemDocument.MEDIA_TYPE)
                    .body("detail", containsString("'" + name + "' was made at the same time"));
        }
    }

    /** Whether a transaction waits for another one that may insert the same. */
    private boolean somebodyWaits() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet waiting = statement.executeQuery(
                        "select 1 from pg_stat_activity where wait_event = 'transactionid' and query like '%api_key%'")) {
            return waiting.next();
        }
    }

    @Test
    void a_browser_is_sent_to_sign_in_and_back() {
        String page = "/experiments/aaaaaaaa/trials?sort=-accuracy";
        String login = browser().get(page).then().statusCode(303).extract().header("Location");
        assertThat(URI.create(login).getPath()).isEqualTo("/login");

        browser().get("/login?to=/trainers").then().statusCode(200).body(containsString("value=\"/trainers\""));
        Response answer = signIn(newKey("viewer"), page);
        answer.then().statusCode(303).header("Location", endsWith(page));
        String cookie = answer.header("Set-Cookie");
        assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/").doesNotContain("pnas_session=pnas_");
    }

    @Test
    void the_cookie_goes_by_https_only_where_it_came_by_https() {
        String key = newKey("viewer");
        assertThat(signIn(key, "/").header("Set-Cookie")).doesNotContain("Secure");
        // As a proxy with TLS passes it on.
        browser()
                .header("X-Forwarded-Proto", "https")
                .header("Host", "localhost")
                .header("Origin", "https://localhost")
                .contentType("application/x-www-form-urlencoded")
                .formParam("key", key)
                .post("/login")
                .then()
                .statusCode(303)
                .header("Set-Cookie", containsString("Secure"));
    }

    /** What somebody may put into a link to the page to sign in, so that one ends elsewhere. */
    static List<String> tricks() {
        return List.of(
                "https://elsewhere.example/",
                "https:elsewhere.example",
                "https:/elsewhere.example",
                "https:///elsewhere.example",
                "//elsewhere.example",
                "///elsewhere.example",
                "////elsewhere.example",
                "//elsewhere.example/%2f..",
                "//user@elsewhere.example",
                "//[::1]",
                "//",
                "/\\elsewhere.example",
                "\\\\elsewhere.example",
                "\\/elsewhere.example",
                "/\t/elsewhere.example",
                "\t//elsewhere.example",
                "/\n/elsewhere.example",
                " //elsewhere.example",
                "elsewhere.example",
                "@elsewhere.example",
                ".elsewhere.example",
                ":80",
                "?to=//elsewhere.example",
                "javascript:alert(1)",
                "data:text/html,x",
                "/%zz",
                "");
    }

    @ParameterizedTest
    @MethodSource("tricks")
    void nobody_is_sent_elsewhere(String to) {
        Response answer = signIn(newKey("viewer"), to);
        assertThat(URI.create(answer.header("Location")))
                .as("after the sign-in with a key")
                .isEqualTo(server().resolve("/"));
        atProvider(to, "name=ada&roles=viewer")
                .then()
                .statusCode(200)
                .body(containsString("content=\"0; url=/\""))
                .body(containsString("<a href=\"/\">Go on"));
    }

    @ParameterizedTest
    @CsvSource({
        "/trainers?a=b&c=%20d, /trainers?a=b&c=%20d",
        "/a/../b//c, /a/../b//c",
        "/%2f%2felsewhere.example, /%2f%2felsewhere.example",
        "/trainers#part, /trainers",
        "/@elsewhere.example, /@elsewhere.example",
        "/\u00e9, /%C3%A9"
    })
    void somebody_is_sent_where_they_wanted_to_go(String to, String location) {
        assertThat(signIn(newKey("viewer"), to).header("Location")).isEqualTo(server() + location);
    }

    @Test
    void a_link_signs_a_browser_in_once() throws Exception {
        String key = newKey("operator");
        String code = newCode(key);
        for (int opening = 0; opening < 2; opening++) {
            Response page = browser()
                    .queryParam("code", code)
                    .queryParam("to", "/trainers")
                    .get("/login");
            page.then()
                    .statusCode(200)
                    .header("Referrer-Policy", equalTo("strict-origin"))
                    .header("Cache-Control", equalTo("no-store"))
                    .header("Set-Cookie", nullValue())
                    .body(containsString("name=\"code\" value=\"" + code + "\""))
                    .body(containsString("name=\"to\" value=\"/trainers\""))
                    .body(not(containsString("name=\"key\"")));
        }
        assertThat(stored()).doesNotContain(code).contains(ApiKey.hash(code));

        Response signedIn = signInWith(code);
        signedIn.then().statusCode(303).header("Location", equalTo(server() + "/trainers"));
        assertThat(signedIn.header("Set-Cookie")).contains("HttpOnly", "SameSite=Strict");
        String session = signedIn.cookie(KeyMechanism.COOKIE);
        with(session, given()).get(EXPERIMENTS).then().statusCode(200);
        with(session, given()).get(KEYS).then().statusCode(403);
        assertThat(stored()).doesNotContain(ApiKey.hash(code));

        double before = refusals("code");
        signInWith(code).then().statusCode(401).body(containsString("was used already"));
        assertThat(refusals("code")).isEqualTo(before + 1);
        assertThat(newCode(key)).isNotEqualTo(code);
    }

    @Test
    void a_link_opens_nothing_once_it_is_old_or_its_key_was_revoked() throws Exception {
        String key = newKey("operator");
        String old = newCode(key);
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate(
                    "update sign_in_code set expires_at = now() where code_hash = '" + ApiKey.hash(old) + "'");
        }
        signInWith(old).then().statusCode(401).body(containsString("ten minutes"));

        String revoked = newCode(key);
        revoke(key);
        signInWith(revoked).then().statusCode(401).header("Set-Cookie", nullValue());
        signInWith("").then().statusCode(401);
        signInWith("x".repeat(1000)).then().statusCode(401);
    }

    @Test
    void of_one_key_so_many_links_open_as_somebody_can_have_use_for() {
        String key = newKey("operator");
        String first = newCode(key);
        List<String> later = Stream.generate(() -> newCode(key)).limit(20).toList();

        signInWith(first).then().statusCode(401);
        signInWith(later.getFirst()).then().statusCode(303);
        signInWith(later.getLast()).then().statusCode(303);
    }

    @Test
    void a_link_is_made_for_who_shows_a_key_that_may_change_something() {
        given().contentType("application/json").post(CODES).then().statusCode(401);
        with(newKey("viewer")).post(CODES).then().statusCode(403);
        String session = signIn(newKey("operator"), "/").cookie(KeyMechanism.COOKIE);
        with(session, given())
                .header("Origin", server().toString())
                .post(CODES)
                .then()
                .statusCode(409)
                .body("detail", containsString("stands for a key"));
        with(token("/token", "bob", "pnas", "operator", 300)).post(CODES).then().statusCode(409);
        admin().post(CODES).then().statusCode(201).header("Cache-Control", containsString("no-store"));
    }

    @Test
    void a_key_of_the_configuration_is_not_revoked_but_taken_out_of_it() {
        admin().body("{}")
                .post(KEYS + "/" + FIRST.id() + ":revoke")
                .then()
                .statusCode(404)
                .body("detail", containsString("PNAS_ACCESS_ADMIN_KEY_HASH"));
        with(SECOND.text()).get(KEYS).then().statusCode(200);
    }

    private static String newCode(String key) {
        return with(key).post(CODES).then().statusCode(201).extract().path("code");
    }

    private static Response signInWith(String code) {
        return browser()
                .header("Origin", server().toString())
                .contentType("application/x-www-form-urlencoded")
                .formParam("code", code)
                .formParam("to", "/trainers")
                .post("/login");
    }

    private String stored() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select string_agg(row::text, ' ') from sign_in_code row")) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    @Test
    void a_wrong_key_is_told_on_the_page() {
        signIn(ApiKey.draw(new SecureRandom()).text(), "/")
                .then()
                .statusCode(401)
                .contentType("text/html")
                .body(containsString("there is no such key"));
    }

    @Test
    void a_session_opens_what_its_key_opens_until_it_ends() {
        String key = newKey("viewer");
        String session = signIn(key, "/").cookie(KeyMechanism.COOKIE);
        String page = with(session, browser())
                .get("/")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(page).contains("Sign out").doesNotContain("New search");
        with(session, given()).get("/api/v1/workers").then().statusCode(200);
        // A page of another site cannot use it, nor can this one do more than its key.
        with(session, given())
                .header("Origin", "https://elsewhere.example")
                .post("/logout")
                .then()
                .statusCode(403);
        with(session, given())
                .header("Origin", server().toString())
                .contentType("application/x-www-form-urlencoded")
                .body("preset=demo")
                .post("/experiments")
                .then()
                .statusCode(403)
                .body("detail", containsString("operator"));

        with(session, given())
                .header("Origin", server().toString())
                .post("/logout")
                .then()
                .statusCode(303);
        with(session, given()).get("/api/v1/workers").then().statusCode(401).body("detail", containsString("session"));
        with(session, browser()).get("/").then().statusCode(303);
        with(session, given())
                .header("HX-Request", "true")
                .get("/")
                .then()
                .statusCode(401)
                .header("HX-Redirect", "/login");

        String other = signIn(key, "/").cookie(KeyMechanism.COOKIE);
        admin().body("{}")
                .post(KEYS + "/" + new ApiKey(key).id() + ":revoke")
                .then()
                .statusCode(200);
        with(other, given()).get("/api/v1/workers").then().statusCode(401).body("detail", containsString("revoked"));
    }

    @Test
    void events_come_to_a_browser_that_is_signed_in() {
        String session = signIn(newKey("operator"), "/").cookie(KeyMechanism.COOKIE);
        String id = admin().body(SEARCH).post(EXPERIMENTS).path("id");
        cancel(id, admin());

        with(session, given())
                .header("Accept", "text/event-stream")
                .get(EXPERIMENTS + "/" + id + "/events")
                .then()
                .statusCode(200)
                .body(containsString("experiment.cancelled"));
    }

    @Test
    void the_token_of_a_provider_opens_what_its_roles_say() {
        String operator = token("/token", "ada", "pnas", "operator", 300);
        with(operator).get(EXPERIMENTS).then().statusCode(200);
        with(operator).get(KEYS).then().statusCode(403).body("detail", containsString("the role admin"));
        cancel(startedBy("ada", with(operator)), with(operator));

        with(token("/token", "bea", "pnas", "viewer", 300))
                .body(SEARCH)
                .post(EXPERIMENTS)
                .then()
                .statusCode(403);
        with(token("/token", "cid", "pnas", "searchers", 300))
                .body(SEARCH)
                .post(EXPERIMENTS + "?dryRun=true")
                .then()
                .statusCode(200);
        with(token("/token", "dan", "pnas", "gardener", 300))
                .get(EXPERIMENTS)
                .then()
                .statusCode(403)
                .body("detail", containsString("the role viewer"));
        with(token("/token", "eve", "pnas", "admin", 300)).get(KEYS).then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({"/forged, pnas, 300", "/token, another, 300", "/token, pnas, -300"})
    void a_token_that_is_forged_old_or_for_another_opens_nothing(String signer, String audience, int seconds) {
        with(token(signer, "ada", audience, "admin", seconds))
                .get(EXPERIMENTS)
                .then()
                .statusCode(401)
                .contentType(ProblemDocument.MEDIA_TYPE)
                .body("type", equalTo("urn:pnas:problem:key-needed"));
    }

    @Test
    void a_person_signs_in_at_the_provider_and_out_again() {
        String page = "/trainers?name=a&b=c%20d";
        String login = browser().queryParam("to", page).get("/login").asString();
        assertThat(login).contains("href=\"/login/openid?to=%2Ftrainers%3Fname%3Da%26b%3Dc%2520d\"");

        Response signedIn = atProvider(page, "name=ada&roles=viewer,operator");
        signedIn.then().statusCode(200).body(containsString("url=" + page.replace("&", "&amp;")));
        assertThat(signedIn.headers("Set-Cookie"))
                .anySatisfy(cookie -> assertThat(cookie).contains(KeyMechanism.COOKIE, "SameSite=Strict", "HttpOnly"))
                .anySatisfy(cookie -> assertThat(cookie).contains("q_session", "Max-Age=0"));
        String session = signedIn.cookie(KeyMechanism.COOKIE);

        with(session, browser()).get("/").then().statusCode(200).body(containsString("ada"));
        with(session, given()).get(KEYS).then().statusCode(403);
        String id = startedBy(
                "ada",
                with(session, given()).header("Origin", server().toString()).contentType("application/json"));
        cancel(id, admin());
        with(session, browser()).get("/login/openid").then().statusCode(303).header("Location", endsWith("/"));

        with(session, browser())
                .header("Origin", server().toString())
                .post("/logout")
                .then()
                .statusCode(303);
        with(session, browser()).get("/").then().statusCode(303);
    }

    @Test
    void whom_the_provider_refuses_or_gives_no_role_is_told_on_the_page() {
        String unknown = atProvider("/", "name=dan&roles=gardener")
                .then()
                .statusCode(303)
                .extract()
                .header("Location");
        browser().get(URI.create(unknown)).then().statusCode(200).body(containsString("no role of this platform"));

        String refused = backFromProvider("/", "").header("Location");
        browser().get(URI.create(refused)).then().statusCode(200).body(containsString("did not sign you in"));

        backFromProvider("/", "name=luckless&roles=viewer")
                .then()
                .statusCode(303)
                .header("Location", endsWith("/login?error=failed"));

        browser()
                .cookie("q_auth_x", "stale")
                .get("/login/openid?code=eA&state=x")
                .then()
                .statusCode(303)
                .header("Location", endsWith("/login?error=failed"));
    }

    @Test
    void the_token_of_a_provider_opens_no_session() {
        String token = token("/token", "ada", "pnas", "operator", 300);
        for (String bearer : List.of(token, "forged")) {
            with(bearer).get("/login/openid").then().statusCode(303).header("Set-Cookie", nullValue());
        }
        browser()
                .cookie("q_session", token)
                .get("/")
                .then()
                .statusCode(303)
                .header("Location", containsString("/login"));
    }

    /** What a browser gets in the end that was sent to the provider, and is there who the parameters say. */
    private static Response atProvider(String to, String person) {
        Response back = backFromProvider(to, person);
        return browser().cookies(back.cookies()).get(URI.create(back.header("Location")));
    }

    private static Response backFromProvider(String to, String person) {
        Response start = browser().queryParam("to", to).get("/login/openid");
        start.then().statusCode(302);
        Response provider = given().get(URI.create(start.header("Location") + "&" + person));
        return browser().cookies(start.cookies()).get(URI.create(provider.header("Location")));
    }

    /** What the provider signs. */
    private static String token(String signer, String name, String audience, String role, int seconds) {
        String provider = ConfigProvider.getConfig().getValue("quarkus.oidc.auth-server-url", String.class);
        long now = Instant.now().getEpochSecond();
        return given().body(
                        """
                        {"iss": "%s", "aud": "%s", "sub": "1", "preferred_username": "%s", "groups": ["%s"], "iat": %d, "exp": %d}""".formatted(provider, audience, name, role, now + Math.min(0, 2 * seconds), now + seconds))
                .post(provider + signer)
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    /** The id of an experiment that a request starts, of which it is told that somebody created it. */
    private static String startedBy(String name, Request request) {
        return request.body(SEARCH)
                .post(EXPERIMENTS)
                .then()
                .statusCode(201)
                .body("createdBy", equalTo(name))
                .extract()
                .path("id");
    }

    private static void cancel(String id, Request request) {
        request.body("{}").post(EXPERIMENTS + "/" + id + ":cancel").then().statusCode(200);
    }

    private static Response signIn(String key, String to) {
        return browser()
                .header("Origin", server().toString())
                .contentType("application/x-www-form-urlencoded")
                .formParam("key", key)
                .formParam("to", to)
                .post("/login");
    }

    private static Request browser() {
        return given().header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    }

    private static Request with(String session, Request request) {
        return request.cookie(KeyMechanism.COOKIE, session);
    }

    private static Request with(String key) {
        return given().header("Authorization", "Bearer " + key).contentType("application/json");
    }

    private static Request admin() {
        return with(FIRST.text());
    }

    private static String newKey(String role) {
        return newKey(role, role + " " + UUID.randomUUID(), null);
    }

    private static String newKey(String role, String name, @Nullable Integer days) {
        return admin().body("{\"name\": \"%s\", \"role\": \"%s\", \"days\": %s}".formatted(name, role, days))
                .post(KEYS)
                .then()
                .statusCode(201)
                .extract()
                .path("key");
    }
}
