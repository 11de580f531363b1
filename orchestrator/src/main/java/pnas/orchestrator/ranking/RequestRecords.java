package pnas.orchestrator.ranking;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.cell.Operation;
import pnas.message.RankingRequest;
import pnas.space.Expansion;

/** Cuts a request for a ranking into records that the broker takes. Pure: the same request gives the same records. */
final class RequestRecords {
    /** Room for the fields around the chunk's list. */
    private static final int ENVELOPE_BYTES = 1_000;
    /** Room for the names, quotes and commas of a list element beside its text, which is ASCII. */
    private static final int ELEMENT_BYTES = 72;

    private RequestRecords() {}

    /**
     * What is asked.
     *
     * @param stage blocks of the candidates
     * @param keep how many of the best are wanted (K)
     */
    record Question(
            UUID requestId,
            String experimentId,
            int stage,
            String predictor,
            @Nullable String fitting,
            List<Operation> operations,
            long seed,
            int keep) {
        Question {
            operations = List.copyOf(operations);
        }
    }

    /** The header and the chunks that it counts, in the order in which they are sent. */
    static List<RankingRequest> of(
            Question question, List<RankingRequest.Observation> observations, Expansion expansion) {
        List<RankingRequest> chunks = new ArrayList<>();
        List<List<RankingRequest.Observation>> observed = observationChunks(observations);
        for (int index = 0; index < observed.size(); index++) {
            chunks.add(new RankingRequest.Observations(
                    RankingRequest.SCHEMA_VERSION,
                    question.requestId(),
                    question.experimentId(),
                    index,
                    observed.get(index)));
        }
        List<List<RankingRequest.Children>> candidates = candidateChunks(expansion);
        for (int index = 0; index < candidates.size(); index++) {
            chunks.add(new RankingRequest.Candidates(
                    RankingRequest.SCHEMA_VERSION,
                    question.requestId(),
                    question.experimentId(),
                    index,
                    candidates.get(index)));
        }
        chunks.addFirst(new RankingRequest.Header(
                RankingRequest.SCHEMA_VERSION,
                question.requestId(),
                question.experimentId(),
                question.stage(),
                question.predictor(),
                question.fitting(),
                question.operations(),
                question.seed(),
                question.keep(),
                observed.size(),
                candidates.size()));
        return chunks;
    }

    private static List<List<RankingRequest.Observation>> observationChunks(
            List<RankingRequest.Observation> observations) {
        List<List<RankingRequest.Observation>> chunks = new ArrayList<>();
        int room = 0;
        for (RankingRequest.Observation observation : observations) {
            int bytes = bytes(observation.cell().text());
            if (chunks.isEmpty() || room < bytes) {
                chunks.add(new ArrayList<>());
                room = RankingRequest.CHUNK_BYTES - ENVELOPE_BYTES;
            }
            chunks.getLast().add(observation);
            room -= bytes;
        }
        return chunks;
    }

    private static List<List<RankingRequest.Children>> candidateChunks(Expansion expansion) {
        List<List<RankingRequest.Children>> chunks = new ArrayList<>();
        List<RankingRequest.Children> chunk = new ArrayList<>();
        int room = RankingRequest.CHUNK_BYTES - ENVELOPE_BYTES;
        for (Expansion.Children children : expansion.children()) {
            Cell parent = children.parent();
            int parentBytes = bytes(parent.text());
            List<Block> blocks = new ArrayList<>();
            room -= parentBytes;
            for (Block block : children.blocks()) {
                int bytes = bytes(block.text());
                if (room < bytes) {
                    addUnlessEmpty(chunk, parent, blocks);
                    chunks.add(chunk);
                    chunk = new ArrayList<>();
                    blocks = new ArrayList<>();
                    room = RankingRequest.CHUNK_BYTES - ENVELOPE_BYTES - parentBytes;
                }
                blocks.add(block);
                room -= bytes;
            }
            addUnlessEmpty(chunk, parent, blocks);
        }
        if (!chunk.isEmpty()) {
            chunks.add(chunk);
        }
        return chunks;
    }

    private static void addUnlessEmpty(List<RankingRequest.Children> chunk, Cell parent, List<Block> blocks) {
        if (!blocks.isEmpty()) {
            chunk.add(new RankingRequest.Children(parent, blocks));
        }
    }

    private static int bytes(String text) {
        return text.length() + ELEMENT_BYTES;
    }
}
