package pnas.orchestrator.http;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The program, which has Quarkus do better what it does before anything of ours is asked. Public because it is started by its name. */
@QuarkusMain
public final class OrchestratorMain {
    private static final String UNPACKED = "vertx.cacheDirBase";

    private OrchestratorMain() {}

    /** Runs until the process is told to end. */
    public static void main(String... arguments) throws IOException {
        // It would answer an address that is none without a word. HttpEdge refuses the same ones, in words.
        System.setProperty("vertx.disableURIValidation", "true");
        // The scripts of the pages are unpacked there and served from there. Its own choice is a folder in which every
        // account may put others in their place.
        if (System.getProperty(UNPACKED) == null) {
            Path own = Files.createTempDirectory("pnas-pages");
            own.toFile().deleteOnExit();
            // Below it, and not it: where the folder is there already, another one beside it is taken.
            System.setProperty(UNPACKED, own.resolve("unpacked").toString());
        }
        Quarkus.run(arguments);
    }
}
