package pnas.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import pnas.local.EmbeddedKafka;
import pnas.local.FreePorts;

/**
 * A real broker as the overlay for GPUs expects one: TLS, SASL, and a user for each service with no more rights than the documentation says, on the names
 * of one installation of several. A client that asks for a name of another one is refused.
 */
final class SecuredKafka implements AutoCloseable {
    private static final Pattern RIGHT = Pattern.compile(
            "\\| (orchestrator|predictor|trainer) \\| (topic|group|cluster) `([^`*]+)(\\*?)` \\| ([A-Za-z, ]+) \\|");
    private static final String PASSWORD = "secret-of-the-test";
    private static final String STORE_PASSWORD = "of-the-store";

    /** What the names of the installation begin with. */
    static final String PREFIX = "second.";

    private final EmbeddedKafka kafka;
    private final int port;
    private final Path certificate;

    private SecuredKafka(EmbeddedKafka kafka, int port, Path certificate) {
        this.kafka = kafka;
        this.port = port;
        this.certificate = certificate;
    }

    static SecuredKafka start(Path folder) throws Exception {
        Path store = folder.resolve("broker.p12");
        Path certificate = folder.resolve("ca.crt");
        List<String> common = List.of("-keystore", store.toString(), "-storepass", STORE_PASSWORD, "-alias", "broker");
        keytool(common, "-genkeypair", "-keyalg", "RSA", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost");
        keytool(common, "-exportcert", "-rfc", "-file", certificate.toString());
        List<Integer> ports = FreePorts.choose(3, new Random());
        int open = ports.get(0);
        int controller = ports.get(1);
        int secured = ports.get(2);
        // The ports that the broker takes, so that its listeners can be named before it starts.
        Files.createDirectories(folder.resolve("kafka"));
        Files.write(folder.resolve("kafka/ports"), List.of(Integer.toString(open), Integer.toString(controller)));
        EmbeddedKafka kafka = new EmbeddedKafka(
                folder.resolve("kafka"),
                folder.resolve("kafka.log"),
                Map.ofEntries(
                        Map.entry(
                                "listeners",
                                "LOCAL://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d,SECURED://localhost:%d"
                                        .formatted(open, controller, secured)),
                        Map.entry(
                                "advertised.listeners",
                                "LOCAL://127.0.0.1:%d,SECURED://localhost:%d".formatted(open, secured)),
                        Map.entry(
                                "listener.security.protocol.map",
                                "LOCAL:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT,SECURED:SASL_SSL"),
                        Map.entry("sasl.enabled.mechanisms", "SCRAM-SHA-512"),
                        Map.entry(
                                "listener.name.secured.scram-sha-512.sasl.jaas.config",
                                "org.apache.kafka.common.security.scram.ScramLoginModule required;"),
                        Map.entry("ssl.keystore.type", "PKCS12"),
                        Map.entry("ssl.keystore.location", store.toString()),
                        Map.entry("ssl.keystore.password", STORE_PASSWORD),
                        Map.entry("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
                        Map.entry("super.users", "User:pnas")),
                new Random());
        kafka.start();
        try (Admin admin = Admin.create(Map.copyOf(kafka.clientSettings()))) {
            admin.alterUserScramCredentials(Stream.of("orchestrator", "predictor", "trainer")
                            .<UserScramCredentialAlteration>map(user -> new UserScramCredentialUpsertion(
                                    user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD))
                            .toList())
                    .all()
                    .get();
            admin.createAcls(documentedRights().stream()
                            .map(SecuredKafka::ofTheInstallation)
                            .toList())
                    .all()
                    .get();
        }
        return new SecuredKafka(kafka, secured, certificate);
    }

    private static AclBinding ofTheInstallation(AclBinding right) {
        ResourcePattern pattern = right.pattern();
        return pattern.resourceType() == ResourceType.CLUSTER
                ? right
                : new AclBinding(
                        new ResourcePattern(pattern.resourceType(), PREFIX + pattern.name(), pattern.patternType()),
                        right.entry());
    }

    /** The names of all topics and groups. */
    Set<String> names() throws Exception {
        try (Admin admin = Admin.create(Map.copyOf(kafka.clientSettings()))) {
            return Stream.concat(
                            admin.listTopics().names().get().stream(),
                            admin.listGroups().all().get().stream().map(GroupListing::groupId))
                    .collect(Collectors.toSet());
        }
    }

    /** Takes all rights on a topic from a user. */
    void revoke(String user, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.copyOf(kafka.clientSettings()))) {
            admin.deleteAcls(List.of(new AclBindingFilter(
                            new ResourcePatternFilter(ResourceType.TOPIC, topic, PatternType.LITERAL),
                            new AccessControlEntryFilter(
                                    "User:" + user, null, AclOperation.ANY, AclPermissionType.ANY))))
                    .all()
                    .get();
        }
    }

    /** Where clients connect that have a name and a password. */
    String server() {
        return "localhost:" + port;
    }

    Path certificate() {
        return certificate;
    }

    static String login(String user) {
        return login(user, PASSWORD);
    }

    static String login(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(user, password);
    }

    @Override
    public void close() {
        kafka.close();
    }

    /** What the documentation says that each service needs. */
    static List<AclBinding> documentedRights() {
        return Project.guides()
                .lines()
                .map(RIGHT::matcher)
                .filter(Matcher::matches)
                .flatMap(right -> Stream.of(right.group(5).split(", "))
                        .map(operation -> new AclBinding(
                                new ResourcePattern(
                                        ResourceType.fromString(right.group(2)),
                                        right.group(3),
                                        right.group(4).isEmpty() ? PatternType.LITERAL : PatternType.PREFIXED),
                                right(right.group(1), operation))))
                .toList();
    }

    /** The rights of the example for Strimzi, in the words of Kafka. */
    static List<AclBinding> rightsOfTheExample() {
        ObjectNode user =
                Rendering.documents(Project.text(Project.FOLDER.resolve("overlays/gpu/examples/strimzi.yaml"))).stream()
                        .filter(object -> Rendering.kind(object).equals("KafkaUser"))
                        .findFirst()
                        .orElseThrow();
        return Workload.elements(user.at("/spec/authorization/acls"))
                .flatMap(right -> Workload.elements(right.path("operations"))
                        .map(operation ->
                                new AclBinding(pattern(right.path("resource")), right("all", operation.asText()))))
                .toList();
    }

    private static AccessControlEntry right(String user, String operation) {
        return new AccessControlEntry("User:" + user, "*", operation(operation), AclPermissionType.ALLOW);
    }

    private static AclOperation operation(String name) {
        return AclOperation.fromString(name.replaceAll("(?<=[a-z])(?=[A-Z])", "_"));
    }

    private static ResourcePattern pattern(JsonNode resource) {
        return switch (resource.path("type").asText()) {
            case "topic" ->
                new ResourcePattern(ResourceType.TOPIC, resource.path("name").asText(), PatternType.PREFIXED);
            case "group" ->
                new ResourcePattern(ResourceType.GROUP, resource.path("name").asText(), PatternType.PREFIXED);
            case "cluster" -> new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL);
            default -> throw new AssertionError("no such resource: " + resource);
        };
    }

    private static void keytool(List<String> common, String... arguments) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(Stream.of(
                                List.of(Path.of(System.getProperty("java.home"), "bin/keytool")
                                        .toString()),
                                List.of(arguments),
                                common)
                        .flatMap(List::stream)
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).as("keytool %s", arguments[0]).isZero();
    }
}
