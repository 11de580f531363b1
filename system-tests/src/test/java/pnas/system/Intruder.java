package pnas.system;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What an account may try that has no password: a program of its own, which says line by line how each try ended. Its arguments are the
 * ports of the database, the broker and the broker's controller.
 */
final class Intruder {
    private static final String HOST = "127.0.0.1:";

    private Intruder() {}

    private interface Try {
        void run() throws Exception;
    }

    public static void main(String[] ports) {
        String url = "jdbc:postgresql://" + HOST + ports[0] + "/pnas";
        for (String user : List.of("postgres", "pnas", "pnas_owner")) {
            attempt("a key as " + user, () -> sql(url, user, """
                    insert into api_key (id, name, role, hash, created_at)
                    values ('0123456789', 'intruder', 'ADMIN', repeat('0', 64), now())"""));
        }
        attempt("a program", () -> sql(url, "postgres", "copy (select 1) to program 'id >/dev/null'"));
        for (Map<String, String> login : List.of(Map.<String, String>of(), guess("PLAIN"), guess("SCRAM-SHA-512"))) {
            String as = login.isEmpty() ? " without a name" : " with a guess by " + login.get("sasl.mechanism");
            attempt("topics" + as, () -> topics("bootstrap.servers", HOST + ports[1], login));
            attempt("the controller" + as, () -> topics("bootstrap.controllers", HOST + ports[2], login));
            attempt("a record" + as, () -> produce(HOST + ports[1], login));
            attempt("reading" + as, () -> consume(HOST + ports[1], login));
        }
    }

    private static void attempt(String what, Try door) {
        String end;
        try {
            door.run();
            end = "DONE";
        } catch (ExecutionException e) {
            end = "refused " + e.getCause();
        } catch (Exception e) {
            end = "refused " + e;
        }
        System.out.println(what + ": " + end.lines().findFirst().orElse(""));
    }

    private static void sql(String url, String user, String command) throws Exception {
        try (Connection connection = DriverManager.getConnection(url, user, user);
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    private static Map<String, String> guess(String mechanism) {
        String login = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                mechanism,
                "sasl.jaas.config",
                "org.apache.kafka.common.security." + login + " required username=\"pnas\" password=\"pnas\";");
    }

    private static Map<String, Object> settings(String role, String address, Map<String, String> login) {
        Map<String, Object> settings = new HashMap<>(login);
        settings.put(role, address);
        settings.put("request.timeout.ms", 2000);
        settings.put("default.api.timeout.ms", 2000);
        return settings;
    }

    private static void topics(String role, String address, Map<String, String> login) throws Exception {
        try (Admin admin = Admin.create(settings(role, address, login))) {
            admin.describeCluster().nodes().get();
        }
    }

    private static void produce(String address, Map<String, String> login) throws Exception {
        Map<String, Object> settings = settings("bootstrap.servers", address, login);
        settings.put("max.block.ms", 2000);
        settings.put("linger.ms", 0);
        settings.put("delivery.timeout.ms", 2000);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("pnas.progress", "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                    .get();
        }
    }

    private static void consume(String address, Map<String, String> login) {
        Map<String, Object> settings = settings("bootstrap.servers", address, login);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.partitionsFor("pnas.progress", Duration.ofSeconds(2));
        }
    }
}
