package pnas.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.cell.Operation;

/**
 * A request to rank candidates: one {@link Header}, then the chunks that it counts, all of them records of {@code pnas.candidates} with
 * the experiment's id as key and therefore read in order by one predictor.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RankingRequest.Header.class, name = "header"),
    @JsonSubTypes.Type(value = RankingRequest.Observations.class, name = "observations"),
    @JsonSubTypes.Type(value = RankingRequest.Candidates.class, name = "candidates"),
})
public sealed interface RankingRequest {
    int SCHEMA_VERSION = 1;

    /** The most bytes of JSON that one record may have. */
    int CHUNK_BYTES = 500_000;

    /** Version of this record, now 1. */
    int schemaVersion();

    /** The request; a request that is sent again keeps its id. */
    UUID requestId();

    /** The experiment that asks. */
    String experimentId();

    /**
     * What is asked.
     *
     * @param stage number of blocks of the candidates
     * @param predictor name of the predictor, for instance {@code gp}
     * @param fitting how the predictor learns from stage to stage: {@code refit} forgets the stages before and learns all cells, {@code fine-tune}
     *     replays the fits of all stages, each starting from the one before; absent for the predictor's own way
     * @param operations the operations of the experiment's search space, in its order
     * @param seed the experiment's seed
     * @param keep how many of the best are wanted (K)
     * @param observationChunks how many {@link Observations} follow
     * @param candidateChunks how many {@link Candidates} follow after those
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Header(
            int schemaVersion,
            UUID requestId,
            String experimentId,
            int stage,
            String predictor,
            @Nullable String fitting,
            List<Operation> operations,
            long seed,
            int keep,
            int observationChunks,
            int candidateChunks)
            implements RankingRequest {
        public Header {
            Checks.schemaVersion(schemaVersion);
            Checks.between("stage", 2, Cell.MAX_BLOCKS, stage);
            Checks.between("keep", 1, 4096, keep);
            Checks.between("observationChunks", 1, 10_000, observationChunks);
            Checks.between("candidateChunks", 1, 10_000, candidateChunks);
            operations = List.copyOf(operations);
        }
    }

    /**
     * Some of the measured cells.
     *
     * @param index position of this chunk among the observations, from 0
     */
    record Observations(
            int schemaVersion, UUID requestId, String experimentId, int index, List<Observation> observations)
            implements RankingRequest {
        public Observations {
            Checks.schemaVersion(schemaVersion);
            Checks.atLeast("index", 0, index);
            observations = List.copyOf(observations);
        }
    }

    /**
     * A cell that was trained.
     *
     * @param cell the cell in the order of blocks in which it was scored, canonical where it was not
     * @param stage the stage that trained it
     * @param accuracy validation accuracy, absent where the training diverged
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Observation(Cell cell, int stage, @Nullable Double accuracy) {
        public Observation {
            Checks.between("stage", 1, Cell.MAX_BLOCKS, stage);
            if (accuracy != null) {
                Checks.between("accuracy", 0, 1, accuracy);
            }
        }
    }

    /**
     * Some of the candidates.
     *
     * @param index position of this chunk among the candidates, from 0
     */
    record Candidates(int schemaVersion, UUID requestId, String experimentId, int index, List<Children> children)
            implements RankingRequest {
        public Candidates {
            Checks.schemaVersion(schemaVersion);
            Checks.atLeast("index", 0, index);
            children = List.copyOf(children);
        }
    }

    /**
     * Candidates that extend one cell. A parent with many children may stand in several chunks.
     *
     * @param parent a measured cell of the stage before, in canonical form
     * @param blocks the block that each candidate adds to it, branches in canonical order
     */
    record Children(Cell parent, List<Block> blocks) {
        public Children {
            blocks = List.copyOf(blocks);
        }
    }
}
