package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every command has: the options of {@link Pnas} and a way to print. */
abstract class PnasCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls the command.
    private CommandSpec spec;

    final Pnas pnas() {
        return (Pnas) spec.root().userObject();
    }

    final CommandSpec spec() {
        return spec;
    }

    final Orchestrator orchestrator() {
        return new Orchestrator(pnas().url(), pnas().key(), pnas().homeKey()::find);
    }

    /** Where results go. */
    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Where one tells what one is doing: it must not stand in the way of a JSON document. */
    final PrintWriter narration() {
        return pnas().output() == OutputFormat.JSON ? spec.commandLine().getErr() : out();
    }

    /** Prints a result: the document as it came, or the text made from it. */
    final void print(JsonNode document, Supplier<String> text) {
        out().print(pnas().output() == OutputFormat.JSON ? Json.pretty(document) + "\n" : text.get());
        out().flush();
    }

    /** Shows the experiment until it ends, prints the result, and says whether there is one. */
    final int follow(Orchestrator orchestrator, String id, Runnable onSilence) {
        boolean drawn = pnas().screen().isTerminal() && pnas().output() == OutputFormat.TABLE;
        ProgressDisplay display = drawn
                ? new ProgressDisplay.Redrawn(out(), pnas().screen().width())
                : new ProgressDisplay.Logged(narration(), InstantSource.system());
        JsonNode answer = new Follower(orchestrator, display, onSilence).follow(id);
        Experiment experiment = Json.read(answer, Experiment.class);
        print(answer, () -> "\n" + ResultText.of(experiment, orchestrator.page(experiment.url())));
        return switch (experiment.state()) {
            case COMPLETED, STOPPED -> experiment.best() == null ? ExitStatus.FAILED : ExitStatus.DONE;
            case RUNNING, PAUSED, FAILED, CANCELLED -> ExitStatus.FAILED;
        };
    }
}
