package pnas.orchestrator.life.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.cell.Cell;
import pnas.message.Messages;
import pnas.message.RankingRequest;
import pnas.orchestrator.life.Searches;
import pnas.space.Expansion;
import pnas.space.SearchSpace;

class RequestRecordsTest {
    private static final SearchSpace SPACE = SearchSpace.full();

    @ParameterizedTest
    @ValueSource(ints = {RankingRequest.CHUNK_BYTES, 1_500})
    void every_observation_and_candidate_is_sent_once_in_records_that_fit(int chunkBytes) {
        List<Cell> parents = SPACE.firstStage();
        Expansion expansion = SPACE.expand(parents);
        List<RankingRequest.Observation> observations = IntStream.range(0, 10_000)
                .mapToObj(i -> new RankingRequest.Observation(
                        parents.get(i % parents.size()), 1, i % 7 == 0 ? null : 1.0 / (i + 3)))
                .toList();

        OpenStage open =
                new OpenStage("k3m9q2xa", 2, UUID.randomUUID(), Searches.specification(), parents, observations);

        List<RankingRequest> records = RequestRecords.of(open, expansion, chunkBytes);

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
                .allSatisfy(record -> assertThat(Messages.encode(record).length).isLessThanOrEqualTo(chunkBytes));
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

    /** A chunk may be too small for a cell, and still no record is empty. */
    @Test
    void a_record_holds_something_however_small_it_shall_be() {
        List<Cell> parents = SPACE.firstStage().subList(0, 3);
        List<RankingRequest.Observation> one = List.of(new RankingRequest.Observation(parents.getFirst(), 1, 0.5));
        OpenStage open = new OpenStage("k3m9q2xa", 2, UUID.randomUUID(), Searches.specification(), parents, one);

        List<RankingRequest> records = RequestRecords.of(open, SPACE.expand(parents), 1_001);

        assertThat(records.stream().skip(2))
                .allSatisfy(record -> assertThat(((RankingRequest.Candidates) record).children())
                        .hasSize(1)
                        .allSatisfy(children -> assertThat(children.blocks()).hasSize(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestRecords.of(open, SPACE.expand(parents), 1_000))
                .withMessage("chunkBytes must be more than 1000, got 1000");
    }
}
