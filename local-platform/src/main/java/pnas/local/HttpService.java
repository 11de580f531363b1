package pnas.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/** A service that has started when its health page says that it is ready. */
final class HttpService implements Part {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    private static final int OK = 200;

    private final ServiceProcess process;
    private final Duration startLimit;
    private final HttpClient client = HttpClient.newBuilder()
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(ANSWER_LIMIT)
            .build();
    private final HttpRequest question;

    /**
     * A service.
     *
     * @param startLimit how long it may take until it is ready
     */
    HttpService(ServiceProcess process, int managementPort, Duration startLimit) {
        this.process = process;
        this.startLimit = startLimit;
        this.question = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready"))
                .timeout(ANSWER_LIMIT)
                .build();
    }

    @Override
    public String name() {
        return process.name();
    }

    @Override
    public Path log() {
        return process.log();
    }

    @Override
    public ProcessHandle start() throws IOException, InterruptedException {
        ProcessHandle started = process.start();
        process.await(started, "become ready", this::isReady, startLimit);
        return started;
    }

    @Override
    public void stop() throws InterruptedException {
        process.stop();
    }

    private boolean isReady() {
        try {
            return client.send(question, HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
