package pnas.predictor.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.PredictorName;
import pnas.predictor.evaluation.Evaluation.Candidate;
import pnas.predictor.evaluation.Evaluation.Result;
import pnas.space.SearchSpace;

/**
 * The program behind {@code pnas predictor evaluate}: {@code (--table FILE | --oracle) SEEDS [PREDICTOR …]}, all predictors where none is named.
 * Prints {@link Result}s as a JSON array on its standard output, lines that begin with {@code progress} on its standard error. Exits with 2 and a sentence on its standard
 * error where it is asked for what cannot be.
 */
public final class EvaluateMain {
    private static final int WRONG_INPUT = 2;
    private static final int BEAM = 128;
    private static final int ASKED = 2000;
    private static final int MOST_BLOCKS = 4;

    private EvaluateMain() {}

    public static void main(String[] arguments) throws IOException {
        try {
            List<Result> results = run(new ArrayList<>(Arrays.asList(arguments)));
            System.out.println(new ObjectMapper().writeValueAsString(results));
        } catch (PnasException e) {
            System.err.println(e.getMessage());
            System.exit(WRONG_INPUT);
        }
    }

    private static List<Result> run(List<String> arguments) {
        String source = arguments.removeFirst();
        Questions questions = source.equals("--oracle")
                ? new OracleQuestions(SearchSpace.full(), BEAM, ASKED, MOST_BLOCKS)
                : new TableQuestions(MeasuredCells.read(Path.of(arguments.removeFirst())));
        int seeds = Integer.parseInt(arguments.removeFirst());
        List<Candidate> candidates = candidates(arguments);
        Evaluation evaluation = new Evaluation(questions, seeds);
        return candidates.stream()
                .flatMap(candidate ->
                        evaluation.judge(candidate, progress -> System.err.println("progress " + progress)).stream())
                .toList();
    }

    private static List<Candidate> candidates(List<String> named) {
        try {
            return (named.isEmpty() ? Arrays.stream(PredictorName.values()).map(PredictorName::text) : named.stream())
                    .map(Candidate::parse)
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new PnasException(ErrorCode.INVALID_INPUT, String.valueOf(e.getMessage()), e);
        }
    }
}
