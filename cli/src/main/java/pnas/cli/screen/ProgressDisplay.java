package pnas.cli.screen;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import pnas.cli.platform.Experiment;

/** Where progress is shown. */
public sealed interface ProgressDisplay {
    /** Shows the experiment as it is now. */
    void show(Experiment experiment);

    /** How often a look at the experiment is worth it. */
    Duration interval();

    /**
     * Shows what another display shows, as long as it may.
     *
     * @param guard runs a drawing, or does not
     */
    record Guarded(ProgressDisplay display, Consumer<Runnable> guard) implements ProgressDisplay {
        @Override
        public void show(Experiment experiment) {
            guard.accept(() -> display.show(experiment));
        }

        @Override
        public Duration interval() {
            return display.interval();
        }
    }

    /** One block of lines, drawn over itself; escape codes move the cursor, so it needs a terminal. */
    final class Redrawn implements ProgressDisplay {
        private final PrintWriter out;
        private final int width;
        private int linesDrawn;

        /** Lines longer than {@code width} columns are folded here, since one that the terminal wraps cannot be drawn over. */
        public Redrawn(PrintWriter out, int width) {
            this.out = out;
            this.width = width;
        }

        @Override
        public void show(Experiment experiment) {
            List<String> lines = ProgressText.block(experiment).stream()
                    .flatMap(line -> Text.fold(line, width).lines())
                    .map(this::cut)
                    .toList();
            StringBuilder text = new StringBuilder();
            if (linesDrawn > 0) {
                text.append("\033[").append(linesDrawn).append('A');
            }
            for (String line : lines) {
                text.append("\033[2K").append(line).append('\n');
            }
            // A cause that went away left a line behind: clear from the cursor to the end of the screen.
            out.print(text.append("\033[J"));
            out.flush();
            linesDrawn = lines.size();
        }

        @Override
        public Duration interval() {
            return Duration.ofMillis(500);
        }

        /** A word that is wider than the screen. */
        private String cut(String line) {
            return line.length() <= width ? line : line.substring(0, width - 1) + "…";
        }
    }

    /** A line whenever something turned, and every few seconds while only numbers change. */
    final class Logged implements ProgressDisplay {
        private static final Duration QUIET = Duration.ofSeconds(5);

        private final PrintWriter out;
        private final InstantSource clock;
        private String lastTurn = "";
        private String lastLine = "";
        private Instant lastTime = Instant.MIN;

        public Logged(PrintWriter out, InstantSource clock) {
            this.out = out;
            this.clock = clock;
        }

        @Override
        public void show(Experiment experiment) {
            String turn = turn(experiment);
            String line = ProgressText.line(experiment);
            Instant now = clock.instant();
            boolean turned = !turn.equals(lastTurn);
            if (line.equals(lastLine) || (!turned && now.isBefore(lastTime.plus(QUIET)))) {
                return;
            }
            out.println(line);
            out.flush();
            lastTurn = turn;
            lastLine = line;
            lastTime = now;
        }

        @Override
        public Duration interval() {
            return Duration.ofSeconds(1);
        }

        /** What makes a line worth it at once: another state, stage, step of the stage, or reason to wait. */
        private static String turn(Experiment experiment) {
            Experiment.Stage stage = experiment.currentStage();
            return experiment.state() + " " + (stage == null ? "" : stage.stage() + " " + stage.state()) + " "
                    + experiment.why();
        }
    }
}
