package pnas.orchestrator.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.message.Messages;
import pnas.message.RankingRequest;
import pnas.space.Expansion;
import pnas.space.SearchSpace;

class RequestRecordsTest {
    private static final SearchSpace SPACE = SearchSpace.full();

    @Test
    void every_observation_and_candidate_is_sent_once_in_records_that_fit() {
        List<Cell> parents = SPACE.firstStage();
        Expansion expansion = SPACE.expand(parents);
        List<RankingRequest.Observation> observations = IntStream.range(0, 10_000)
                .mapToObj(i -> new RankingRequest.Observation(
                        parents.get(i % parents.size()), 1, i % 7 == 0 ? null : 1.0 / (i + 3)))
                .toList();

        List<RankingRequest> records = RequestRecords.of(
                new RequestRecords.Question(UUID.randomUUID(), "k3m9q2xa", 2, "gp", null, SPACE.operations(), 5, 256),
                observations,
                expansion);

        RankingRequest.Header header = (RankingRequest.Header) records.getFirst();
        List<RankingRequest.Observations> observed = records.stream()
                .filter(RankingRequest.Observations.class::isInstance)
                .map(RankingRequest.Observations.class::cast)
                .toList();
        List<RankingRequest.Candidates> candidates = records.stream()
                .filter(RankingRequest.Candidates.class::isInstance)
                .map(RankingRequest.Candidates.class::cast)
                .toList();
        assertThat(records)
                .allSatisfy(record ->
                        assertThat(Messages.encode(record).length).isLessThanOrEqualTo(RankingRequest.CHUNK_BYTES));
        assertThat(header.observationChunks()).isEqualTo(observed.size()).isGreaterThan(1);
        assertThat(header.candidateChunks()).isEqualTo(candidates.size()).isGreaterThan(1);
        assertThat(observed)
                .extracting(RankingRequest.Observations::index)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(candidates)
                .extracting(RankingRequest.Candidates::index)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(observed.stream().flatMap(chunk -> chunk.observations().stream()))
                .containsExactlyElementsOf(observations);
        assertThat(candidates.stream()
                        .flatMap(chunk -> chunk.children().stream())
                        .flatMap(children -> children.blocks().stream().map(children.parent()::plus)))
                .containsExactlyElementsOf(expansion.children().stream()
                        .flatMap(children -> children.blocks().stream().map(children.parent()::plus))
                        .toList());
    }
}
