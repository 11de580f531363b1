package pnas.orchestrator.life.ranking;

import java.util.List;
import java.util.UUID;
import pnas.cell.Cell;
import pnas.message.RankingRequest.Observation;
import pnas.orchestrator.specification.Specification;

/**
 * A stage whose candidates are to be ranked.
 *
 * @param stage its number, from 2
 * @param requestId of the request, the same however often it is sent
 * @param parents the measured cells of the stage before, in canonical form
 * @param observations every cell that was trained or diverged so far
 */
public record OpenStage(
        String experimentId,
        int stage,
        UUID requestId,
        Specification specification,
        List<Cell> parents,
        List<Observation> observations) {
    public OpenStage {
        parents = List.copyOf(parents);
        observations = List.copyOf(observations);
    }
}
