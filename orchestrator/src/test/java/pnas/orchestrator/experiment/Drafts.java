package pnas.orchestrator.experiment;

import java.nio.charset.StandardCharsets;
import pnas.message.Messages;

/** Drafts as JSON says them: whatever is not named is absent. */
public final class Drafts {
    private Drafts() {}

    /** The draft of this JSON, in which quotes may be single ones. */
    public static SpecificationDraft draft(String json) {
        return Messages.decode(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), SpecificationDraft.class);
    }

    static Specification preset(String name) {
        return DraftReader.read(draft("{'preset':'" + name + "'}"));
    }
}
