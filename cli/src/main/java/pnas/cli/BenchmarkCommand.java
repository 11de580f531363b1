package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Json;
import pnas.cli.platform.ServiceProgram;
import pnas.cli.screen.Table;
import pnas.cli.screen.Text;

@Command(
        name = "benchmark",
        description = {
            "Time the last ranking of the paper's search on one core: learn 1,160 cells, extend 256 cells of four"
                    + " blocks, rank the candidates.",
            "Prints seconds of wall clock, in parentheses seconds of the processor, which are less where other"
                    + " programs run."
        })
final class BenchmarkCommand extends PnasCommand {
    @Option(
            names = "--predictors",
            paramLabel = "A,B,C",
            split = "\\s*,\\s*",
            description = "which, for instance gp,mlp-ensemble (default: all)")
    private List<String> predictors = List.of();

    private record Report(int cells, int candidates, Time expansion, List<Line> predictors, long peakMegabytes) {}

    private record Line(String predictor, Time fit, Time ranking, Time again) {}

    private record Time(double wall, double processor) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f (%.2f)", wall, processor);
        }
    }

    @Override
    public Integer call() {
        JsonNode report = ServiceProgram.ofPredictors(pnas().install(), "pnas.predictor.ranking.BenchmarkMain")
                .run(predictors, spec().commandLine().getErr());
        print(report, () -> table(Json.read(report, Report.class)));
        return ExitStatus.DONE;
    }

    private String table(Report report) {
        Table table = new Table("PREDICTOR", "FIT", "RANKING", "ONCE MORE");
        for (Line line : report.predictors()) {
            table.row(line.predictor(), line.fit(), line.ranking(), line.again());
        }
        return "%s%n%s cells learnt, %s candidates ranked; expansion %s s, at most %s MB resident%n"
                .formatted(
                        text(table),
                        Text.count(report.cells()),
                        Text.count(report.candidates()),
                        report.expansion(),
                        Text.count(report.peakMegabytes()));
    }
}
