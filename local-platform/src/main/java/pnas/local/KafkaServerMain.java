package pnas.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The process of {@link EmbeddedKafka}: one broker that is its own controller. Its one argument is a file of broker properties. It ends
 * on SIGTERM and when its standard input ends, that is, when the process that started it is gone. The broker's classes are internal to Kafka and
 * are used here only.
 */
final class KafkaServerMain {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private KafkaServerMain() {}

    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        try (InputStream file = Files.newInputStream(Path.of(arguments[0]))) {
            properties.load(file);
        }
        Path directory = Path.of(properties.getProperty("log.dirs"));
        if (!Files.exists(directory.resolve("meta.properties"))) {
            format(directory);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.shutdown();
            server.awaitShutdown();
        }));
        Thread.ofPlatform().daemon().name("parent").start(KafkaServerMain::endWithTheParent);
        try {
            server.startup();
        } catch (RuntimeException e) {
            e.printStackTrace();
            System.exit(1);
        }
        server.awaitShutdown();
    }

    private static void format(Path directory) throws Exception {
        Formatter formatter = new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(EmbeddedKafka.NODE)
                .setClusterId(Uuid.randomUuid().toString())
                .addDirectory(directory.toString())
                .setMetadataLogDirectory(directory.toString())
                .setControllerListenerName(EmbeddedKafka.CONTROLLER_LISTENER)
                .setReleaseVersion(MetadataVersion.latestProduction());
        formatter.run();
    }

    private static void endWithTheParent() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // A broken pipe means the same as its end.
        }
        Thread.ofPlatform().daemon().name("stop limit").start(KafkaServerMain::haltAfterTheLimit);
        System.exit(0);
    }

    private static void haltAfterTheLimit() {
        try {
            Thread.sleep(STOP_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }
}
