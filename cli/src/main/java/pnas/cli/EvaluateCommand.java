package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import pnas.cli.platform.CommandFailedException;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Json;
import pnas.cli.platform.ServiceProgram;
import pnas.cli.screen.Table;

@Command(
        name = "evaluate",
        description = {
            "Fit predictors on the cells of up to b blocks and let them rank those of b + 1.",
            "Prints for each predictor the mean over seeds of the correlations and of the fraction of the 16 best that"
                    + " it finds, with 95 %% bootstrap intervals over the seeds."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  pnas predictor evaluate --oracle", "  pnas predictor evaluate --table trials.csv"})
final class EvaluateCommand extends PnasCommand {
    private static final int MOST_SEEDS = 1000;

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls the command.
    private Source source;

    /** Either of two. */
    private static final class Source {
        @Option(
                names = "--table",
                paramLabel = "FILE",
                description = "CSV of measured cells: the trials of an experiment, or accuracy,in1,op1,in2,op2,…")
        private @Nullable Path table;

        @Option(
                names = "--oracle",
                description =
                        "a synthetic truth instead: all cells of one block, then 128 of each size that gp chooses,"
                                + " then 2,000 random children of them")
        private boolean oracle;
    }

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "10",
            description = "how many seeds (default: ${DEFAULT-VALUE})")
    private int seeds;

    @Option(
            names = "--predictors",
            paramLabel = "A,B,C",
            split = "\\s*,\\s*",
            description = "which, for instance gp,mlp:refit,mlp:fine-tune (default: all, each in its own way)")
    private List<String> predictors = List.of();

    /** One line of the result. */
    private record Result(
            String predictor,
            int blocks,
            int cells,
            Interval spearman,
            Interval pearson,
            Interval kendall,
            Interval top) {}

    private record Interval(double mean, double least, double greatest) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", mean, least, greatest);
        }
    }

    @Override
    public Integer call() {
        if (seeds < 1 || seeds > MOST_SEEDS) {
            throw CommandFailedException.usage("--seeds must be 1 to " + MOST_SEEDS + ", got " + seeds);
        }
        JsonNode results = ServiceProgram.ofPredictors(pnas().install(), "pnas.predictor.evaluation.EvaluateMain")
                .run(arguments(), spec().commandLine().getErr());
        print(results, () -> table(Json.readList(results, Result.class)));
        return ExitStatus.DONE;
    }

    private String table(List<Result> results) {
        Table table = new Table("PREDICTOR", "BLOCKS", "CELLS", "SPEARMAN", "PEARSON", "KENDALL", "16 BEST");
        for (Result result : results) {
            table.row(
                    result.predictor(),
                    result.blocks() == 0 ? "mean" : Integer.toString(result.blocks()),
                    result.cells(),
                    result.spearman(),
                    result.pearson(),
                    result.kendall(),
                    result.top());
        }
        return text(table);
    }

    private List<String> arguments() {
        List<String> arguments =
                new ArrayList<>(source.oracle ? List.of("--oracle") : List.of("--table", String.valueOf(source.table)));
        arguments.add(Integer.toString(seeds));
        arguments.addAll(predictors);
        return arguments;
    }
}
