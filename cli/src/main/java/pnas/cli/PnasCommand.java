package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Experiment;
import pnas.cli.platform.Json;
import pnas.cli.platform.Orchestrator;
import pnas.cli.screen.Farewell;
import pnas.cli.screen.ProgressDisplay;
import pnas.cli.screen.ResultText;
import pnas.cli.screen.Screen;
import pnas.cli.screen.Table;
import pnas.cli.screen.Text;

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
        return new Orchestrator(
                pnas().url(),
                pnas().key(),
                pnas().homeKey()::find,
                field -> SearchFlag.of(field).map(SearchFlag::option));
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
        out().print(pnas().output() == OutputFormat.JSON ? Json.pretty(document) + "\n" : fold(text.get()));
        out().flush();
    }

    /** A table as wide as the screen is; for a program that reads it, a line a row. */
    final String text(Table table) {
        Screen screen = pnas().screen();
        return screen.isTerminal() ? table.toString(screen.width()) : table.toString();
    }

    private String fold(String text) {
        Screen screen = pnas().screen();
        return screen.isTerminal() ? Text.fold(text, screen.width()) : text;
    }

    /** Tells a person something, in lines as wide as the screen is. */
    final void tell(String sentences) {
        narration().println(fold(sentences));
        narration().flush();
    }

    /** Shows an experiment of a platform that goes on without this command, as {@link #follow(Orchestrator, String, Runnable, String)} does. */
    final int follow(Orchestrator orchestrator, String id) {
        return follow(
                orchestrator, id, () -> {}, "The search goes on. Come back to it with: " + pnas().again("watch " + id));
    }

    /**
     * Shows the experiment until it ends, prints the result, and says whether there is one.
     *
     * @param onSilence where the orchestrator went silent, it is waited for unless this throws
     * @param farewell what is said when a signal ends this command before
     */
    final int follow(Orchestrator orchestrator, String id, Runnable onSilence, String farewell) {
        boolean drawn = pnas().screen().isTerminal() && pnas().output() == OutputFormat.TABLE;
        ProgressDisplay display = drawn
                ? new ProgressDisplay.Redrawn(out(), pnas().screen().width())
                : new ProgressDisplay.Logged(narration(), InstantSource.system());
        JsonNode answer;
        try (Farewell leaving = new Farewell(() -> tell("\n" + farewell))) {
            answer = new Follower(orchestrator, leaving.unlessTold(display), onSilence).follow(id);
        }
        Experiment experiment = Json.read(answer, Experiment.class);
        print(answer, () -> "\n" + ResultText.of(experiment, orchestrator.page(experiment.url())));
        return switch (experiment.state()) {
            case COMPLETED, STOPPED -> experiment.best() == null ? ExitStatus.FAILED : ExitStatus.DONE;
            case RUNNING, PAUSED, FAILED, CANCELLED -> ExitStatus.FAILED;
        };
    }
}
