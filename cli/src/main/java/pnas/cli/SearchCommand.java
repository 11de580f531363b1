package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import pnas.cli.platform.CommandFailedException;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Experiment;
import pnas.cli.platform.Json;
import pnas.cli.platform.LocalData;
import pnas.cli.platform.LocalPlatform;
import pnas.cli.platform.LocalPlatform.Trainers;
import pnas.cli.platform.Orchestrator;
import pnas.cli.platform.PlatformProcess;
import pnas.cli.screen.Table;
import pnas.cli.screen.Text;

/** Submits an experiment. The flags that describe it are {@link SearchFlag}s, which {@link Pnas} adds. */
@Command(
        name = "search",
        description = {
            "Submit a search to the platform that runs; without one, start it, wait for the result and stop it.",
            "The experiment comes from flags, from a file, or from a file with flags over it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  pnas search --preset demo --seed 7 --watch",
            "  pnas search --blocks 3 --beam 16 --epochs 8 --budget-trainings 100 --watch",
            "  pnas search --dataset pets --data photos/pets --image 32x32x3 --dry-run",
            "  pnas search -f examples/control-arm.yaml"
        })
final class SearchCommand extends PnasCommand {
    private static final double SECONDS_PER_HOUR = 3600;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "YAML file with the keys of the REST interface")
    private @Nullable Path file;

    @Option(
            names = "--data",
            paramLabel = "PATH",
            description = "archive or folder of the data set that --dataset names, for the platform of this machine")
    private @Nullable Path data;

    @Option(names = "--watch", description = "show the progress until it ends")
    private boolean watch;

    @Option(names = "--dry-run", description = "only check it, count candidates and trainings, and say what they cost")
    private boolean dryRun;

    /** One line of the answer to a dry run. */
    record PlannedStage(
            int stage, long candidates, @Nullable Boolean exact, int trainings, int repeats) {}

    @Override
    public Integer call() {
        ObjectNode experiment = file == null ? Json.object() : Json.readYaml(file);
        SearchFlag.writeTo(experiment, spec().commandLine().getParseResult());
        Orchestrator orchestrator = orchestrator();
        boolean running = !pnas().localPlatform().isOrphaned() && orchestrator.answers();
        Runnable withdrawal = provideData(experiment, running);
        if (running) {
            return submit(orchestrator, experiment, withdrawal, created -> {
                if (watch) {
                    return follow(orchestrator, created.id());
                }
                print(
                        created.answer(),
                        () -> "Created experiment %s: up to %s trainings on engine %s%nPage: %s%nFollow it with: %s%n"
                                .formatted(
                                        created.id(),
                                        Text.count(
                                                created.experiment().progress().planned()),
                                        engine(created.answer()),
                                        orchestrator.page(created.experiment().url()),
                                        pnas().again("watch " + created.id())));
                return ExitStatus.DONE;
            });
        }
        PrintWriter narration = narration();
        narration.println("No platform answers at %s: one is started for this search and stopped after it"
                .formatted(orchestrator.url()));
        Trainers trainers = Trainers.of(experiment.path("engine").asText());
        try (PlatformProcess platform = pnas().localPlatform().startAttached(trainers, narration)) {
            return submit(
                    orchestrator,
                    experiment,
                    withdrawal,
                    created -> follow(
                            orchestrator,
                            created.id(),
                            platform::requireRunning,
                            "The search is kept. It goes on with: %s, then %s"
                                    .formatted(pnas().again("up"), pnas().again("watch " + created.id()))));
        }
    }

    /** Sees to it that the platform of this machine has the data. Another one has its own. Returns what takes that back. */
    private Runnable provideData(ObjectNode experiment, boolean running) {
        String name = experiment.path("dataset").asText("");
        LocalPlatform platform = pnas().localPlatform();
        boolean local = !running || platform.isKnown();
        if (data == null) {
            if (local && !dryRun && name.equals(LocalData.CIFAR10)) {
                platform.data().requireCifar10(narration());
            }
        } else if (name.isEmpty()) {
            throw CommandFailedException.usage("--data goes with --dataset NAME, which says what to call the data");
        } else if (!local) {
            throw CommandFailedException.usage(
                    "--data is for the platform of %s, but another one answers at %s: put the data into its own folder, PNAS_DATA"
                            .formatted(platform.home(), platform.url()));
        } else {
            return platform.data().add(name, data, narration());
        }
        return () -> {};
    }

    /** @param withdrawal runs where the experiment is refused: data that were wrong must not keep their name from others */
    private int submit(
            Orchestrator orchestrator, ObjectNode experiment, Runnable withdrawal, ToIntFunction<Created> then) {
        JsonNode answer;
        try {
            answer = orchestrator.create(experiment, dryRun);
        } catch (CommandFailedException e) {
            withdrawal.run();
            throw e;
        }
        if (dryRun) {
            print(answer, () -> plan(answer));
            return ExitStatus.DONE;
        }
        return then.applyAsInt(new Created(answer, Json.read(answer, Experiment.class)));
    }

    /** What the platform answered to a search that it took, as it came and as it is read. */
    private record Created(JsonNode answer, Experiment experiment) {
        String id() {
            return experiment.id();
        }
    }

    private String plan(JsonNode answer) {
        Table table = new Table("STAGE", "CANDIDATES", "TRAININGS");
        for (PlannedStage stage : Json.readList(answer.path("stages"), PlannedStage.class)) {
            String bound = Boolean.FALSE.equals(stage.exact()) ? "at most " : "";
            table.row(
                    stage.stage(),
                    bound + Text.count(stage.candidates()),
                    stage.trainings()
                            + (stage.repeats() == 0
                                    ? ""
                                    : ", and at most " + stage.repeats() + " to confirm its best cells"));
        }
        return "%s%s trainings on engine %s, %s%n"
                .formatted(
                        text(table),
                        Text.count(answer.path("trainings").asInt()),
                        engine(answer),
                        cost(Json.read(answer.path("trainerSeconds"), Experiment.Estimate.class)));
    }

    /** What trains, which the platform chose where it was left open. */
    private static String engine(JsonNode answer) {
        return answer.path("specification").path("engine").asText();
    }

    private static String cost(Experiment.Estimate seconds) {
        return "about %s trainer-hours (%s to %s)%s"
                .formatted(
                        hours(seconds.seconds()),
                        hours(seconds.low()),
                        hours(seconds.high()),
                        seconds.guess() ? ": a guess from multiply-adds, as nothing alike was measured" : "");
    }

    private static String hours(double seconds) {
        return BigDecimal.valueOf(seconds / SECONDS_PER_HOUR)
                .round(new MathContext(2))
                .toPlainString();
    }
}
