package pnas.predictor.ranking;

import java.util.List;
import pnas.message.RankingRequest;
import pnas.message.RankingRequest.Observation;
import pnas.predictor.encoding.Candidates.Family;

/**
 * A ranking request of which every chunk has arrived.
 *
 * @param header what is asked
 * @param observations the measured cells, in any order
 * @param families the candidates, in any order
 */
public record RankingTask(RankingRequest.Header header, List<Observation> observations, List<Family> families) {
    public RankingTask {
        observations = List.copyOf(observations);
        families = List.copyOf(families);
    }
}
