package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import pnas.cli.platform.CommandFailedException;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Experiment;
import pnas.cli.platform.Json;
import pnas.cli.platform.Orchestrator;
import pnas.cli.screen.ProgressDisplay;

/**
 * Looks at an experiment again and again until it ends.
 *
 * <p>It asks for the whole experiment twice a second at most. The stream of events would tell the same sooner by less than that, and
 * a client that lost the stream would have to ask all the same.
 */
final class Follower {
    /** An orchestrator that was killed is started again well within this. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Orchestrator orchestrator;
    private final ProgressDisplay display;
    private final Runnable onSilence;

    /** An orchestrator that went silent is waited for, unless {@code onSilence} throws. */
    Follower(Orchestrator orchestrator, ProgressDisplay display, Runnable onSilence) {
        this.orchestrator = orchestrator;
        this.display = display;
        this.onSilence = onSilence;
    }

    /** Shows the experiment until it is terminal and gives it back as the orchestrator told it last. */
    JsonNode follow(String id) {
        Duration silence = Duration.ZERO;
        while (true) {
            try {
                JsonNode answer = orchestrator.experiment(id);
                silence = Duration.ZERO;
                Experiment experiment = Json.read(answer, Experiment.class);
                display.show(experiment);
                if (experiment.state().isTerminal()) {
                    return answer;
                }
            } catch (CommandFailedException e) {
                silence = silence.plus(display.interval());
                if (e.exitStatus() != ExitStatus.NOT_REACHABLE || silence.compareTo(PATIENCE) > 0) {
                    throw e;
                }
                onSilence.run();
            }
            pause();
        }
    }

    private void pause() {
        try {
            Thread.sleep(display.interval());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailedException.failed("interrupted");
        }
    }
}
