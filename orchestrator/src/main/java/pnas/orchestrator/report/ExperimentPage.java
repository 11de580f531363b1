package pnas.orchestrator.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some experiments, newest first.
 *
 * @param nextPageToken asks for the next page, absent at the end
 */
public record ExperimentPage(
        List<ExperimentSummary> experiments, @Nullable String nextPageToken) {
    public ExperimentPage {
        experiments = List.copyOf(experiments);
    }
}
