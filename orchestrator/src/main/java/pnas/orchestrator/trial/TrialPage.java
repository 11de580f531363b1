package pnas.orchestrator.trial;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some trials of an experiment.
 *
 * @param nextPageToken asks for the next page, absent at the end
 */
public record TrialPage(List<TrialSummary> trials, @Nullable String nextPageToken) {
    public TrialPage {
        trials = List.copyOf(trials);
    }
}
