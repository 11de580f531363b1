package pnas.orchestrator.specification;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import pnas.dataset.Contents;
import pnas.dataset.DataFolder;
import pnas.dataset.DataRegister;
import pnas.message.Messages;
import pnas.network.ImageShape;

/** Drafts as JSON says them: whatever is not named is absent. */
public final class Drafts {
    /** A folder that does not exist: there are the digits and nothing else. They are read once, as an orchestrator reads what it has registered. */
    public static final DataFolder DIGITS =
            new DataFolder(Path.of("no-such-folder"), Path.of("no-such-cache"), /* links= */ true, new Register());

    /** Nobody knows of any trainer. */
    public static final Supplier<EngineChoice> NO_TRAINERS = () -> new EngineChoice(List.of(), Set.of(), false);

    private Drafts() {}

    private static final class Register implements DataRegister {
        private final Map<String, Contents> known = new ConcurrentHashMap<>();

        @Override
        public Optional<Contents> find(String name, ImageShape image, String fingerprint) {
            return Optional.ofNullable(known.get(fingerprint));
        }

        @Override
        public void add(String name, ImageShape image, String fingerprint, Contents contents) {
            known.put(fingerprint, contents);
        }
    }

    /** The draft of this JSON, in which quotes may be single ones. */
    public static SpecificationDraft draft(String json) {
        return Messages.decode(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), SpecificationDraft.class);
    }

    /** What the platform makes of this JSON, in which quotes may be single ones. */
    public static Specification specification(String json) {
        return draft(json).read(DIGITS, NO_TRAINERS);
    }

    /** A preset, with the digits in place of data that no test has. */
    public static Specification preset(String name) {
        return draft("{'preset':'" + name + "','dataset':'digits'}").read(DIGITS, NO_TRAINERS);
    }
}
