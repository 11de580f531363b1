package pnas.orchestrator.trial;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A folder of models, in which a test is the trainer. */
public final class ModelFolder implements QuarkusTestResourceLifecycleManager {
    private static final Path FOLDER = Path.of("target", "models");

    @Override
    public Map<String, String> start() {
        return Map.of("pnas.models", FOLDER.toString());
    }

    @Override
    public void stop() {}

    /** Keeps a model of a trial. */
    public static void keep(String trialId, String model) throws IOException {
        Files.writeString(file(trialId), model);
    }

    /** Puts a link in place of a model. */
    public static void link(String trialId, Path target) throws IOException {
        Files.createSymbolicLink(file(trialId), target);
    }

    private static Path file(String trialId) throws IOException {
        return Files.createDirectories(FOLDER).resolve(trialId + ".safetensors");
    }
}
