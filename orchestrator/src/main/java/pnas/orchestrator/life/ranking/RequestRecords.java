package pnas.orchestrator.life.ranking;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.message.Fitting;
import pnas.message.RankingRequest;
import pnas.message.RankingRequest.Observation;
import pnas.orchestrator.specification.Specification;
import pnas.space.Expansion;

/** Cuts a request for a ranking into records that the broker takes. Pure: the same request gives the same records. */
public final class RequestRecords {
    /** Room for the fields around the chunk's list. */
    private static final int ENVELOPE_BYTES = 1_000;
    /** Room for the names, quotes and commas of a list element beside its text, which is ASCII. */
    private static final int ELEMENT_BYTES = 72;

    private RequestRecords() {}

    /**
     * The header and the chunks that it counts, in the order in which they are sent.
     *
     * @param open the stage that asks
     * @param expansion its candidates
     * @param chunkBytes how large a record may become, except of one that would hold nothing otherwise
     */
    public static List<RankingRequest> of(OpenStage open, Expansion expansion, int chunkBytes) {
        if (chunkBytes <= ENVELOPE_BYTES) {
            throw new IllegalArgumentException(
                    "chunkBytes must be more than " + ENVELOPE_BYTES + ", got " + chunkBytes);
        }
        int room = chunkBytes - ENVELOPE_BYTES;
        Specification asked = open.specification();
        Fitting fitting = asked.ranking().fitting();
        UUID requestId = open.requestId();
        String experimentId = open.experimentId();
        List<List<Observation>> observed = observationChunks(open.observations(), room);
        List<List<RankingRequest.Children>> candidates = candidateChunks(expansion, room);
        List<RankingRequest> records = new ArrayList<>();
        records.add(new RankingRequest.Header(
                RankingRequest.SCHEMA_VERSION,
                requestId,
                experimentId,
                open.stage(),
                asked.ranking().predictor().text(),
                fitting == null ? null : fitting.text(),
                asked.search().operations(),
                asked.seed(),
                asked.search().beam(),
                observed.size(),
                candidates.size()));
        for (int index = 0; index < observed.size(); index++) {
            records.add(new RankingRequest.Observations(
                    RankingRequest.SCHEMA_VERSION, requestId, experimentId, index, observed.get(index)));
        }
        for (int index = 0; index < candidates.size(); index++) {
            records.add(new RankingRequest.Candidates(
                    RankingRequest.SCHEMA_VERSION, requestId, experimentId, index, candidates.get(index)));
        }
        return records;
    }

    private static List<List<Observation>> observationChunks(List<Observation> observations, int whole) {
        List<List<Observation>> chunks = new ArrayList<>();
        int room = 0;
        for (Observation observation : observations) {
            int bytes = bytes(observation.cell().text());
            if (chunks.isEmpty() || room < bytes) {
                chunks.add(new ArrayList<>());
                room = whole;
            }
            chunks.getLast().add(observation);
            room -= bytes;
        }
        return chunks;
    }

    private static List<List<RankingRequest.Children>> candidateChunks(Expansion expansion, int whole) {
        List<List<RankingRequest.Children>> chunks = new ArrayList<>();
        List<RankingRequest.Children> chunk = new ArrayList<>();
        int room = whole;
        for (Expansion.Children children : expansion.children()) {
            Cell parent = children.parent();
            int parentBytes = bytes(parent.text());
            List<Block> blocks = new ArrayList<>();
            room -= parentBytes;
            for (Block block : children.blocks()) {
                int bytes = bytes(block.text());
                if (room < bytes) {
                    addUnlessEmpty(chunk, parent, blocks);
                    if (!chunk.isEmpty()) {
                        chunks.add(chunk);
                    }
                    chunk = new ArrayList<>();
                    blocks = new ArrayList<>();
                    room = whole - parentBytes;
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
