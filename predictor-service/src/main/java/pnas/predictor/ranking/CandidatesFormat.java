package pnas.predictor.ranking;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import pnas.cell.Block;
import pnas.failure.PnasException;
import pnas.message.Messages;
import pnas.message.RankingRequest;

/**
 * Reads the values of {@code pnas.candidates} where the records come from. A record is held until its request is answered, and the JSON of a large request
 * takes several times the memory of what is in it: each candidate is one of a few blocks. Kafka makes one for each consumer, which uses it on one thread.
 */
public final class CandidatesFormat
        implements Deserializer<CandidatesFormat.Content>, Serializer<CandidatesFormat.Content> {
    /** What a value holds. */
    sealed interface Content {
        record Part(RankingRequest part) implements Content {}

        /** Something else, which goes to the dead letters as it came. */
        final class Unreadable implements Content {
            private final byte @Nullable [] value;
            private final PnasException why;

            private Unreadable(byte @Nullable [] value, PnasException why) {
                this.value = value;
                this.why = why;
            }

            PnasException why() {
                return why;
            }
        }
    }

    /** One object for all blocks that are equal: there are some thousands that can be. */
    private final Map<Block, Block> blocks = new HashMap<>();

    @Override
    public Content deserialize(String topic, byte @Nullable [] value) {
        try {
            return new Content.Part(compact(Messages.decode(value, RankingRequest.class)));
        } catch (PnasException e) {
            return new Content.Unreadable(value, e);
        }
    }

    private RankingRequest compact(RankingRequest part) {
        return switch (part) {
            case RankingRequest.Header header -> header;
            case RankingRequest.Observations chunk -> chunk;
            case RankingRequest.Candidates chunk ->
                new RankingRequest.Candidates(
                        chunk.schemaVersion(),
                        chunk.requestId(),
                        chunk.experimentId(),
                        chunk.index(),
                        chunk.children().stream().map(this::compact).toList());
        };
    }

    private RankingRequest.Children compact(RankingRequest.Children children) {
        List<Block> shared = children.blocks().stream()
                .map(block -> blocks.computeIfAbsent(block, Block::canonical))
                .toList();
        return new RankingRequest.Children(children.parent(), shared);
    }

    /** Only what could not be read is ever written: to the dead letters. */
    @Override
    public byte @Nullable [] serialize(String topic, @Nullable Content content) {
        return switch (content) {
            case null -> null;
            case Content.Part part -> Messages.encode(part.part());
            case Content.Unreadable unreadable -> unreadable.value;
        };
    }

    @Override
    public void configure(Map<String, ?> settings, boolean isKey) {}

    @Override
    public void close() {}
}
