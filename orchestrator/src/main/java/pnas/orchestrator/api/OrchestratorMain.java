package pnas.orchestrator.api;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The program, which has Quarkus do better what it does before anything of ours is asked. Public because it is started by its name. */
@QuarkusMain
public final class OrchestratorMain {
    private OrchestratorMain() {}

    /** Runs until the process is told to end. */
    public static void main(String... arguments) {
        // It would answer an address that is none without a word. HttpEdge refuses the same ones, in words.
        System.setProperty("vertx.disableURIValidation", "true");
        Quarkus.run(arguments);
    }
}
