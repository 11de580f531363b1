package pnas.orchestrator.web;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import pnas.failure.PlainText;
import pnas.failure.PnasException;
import pnas.failure.Problem;
import pnas.message.Messages;
import pnas.orchestrator.specification.Presets;
import pnas.orchestrator.specification.SpecificationDraft;

/**
 * The form that starts a search, as somebody filled it in; a field that is left empty is not given.
 *
 * @param problems why it was refused, empty before that
 */
record NewSearch(String name, String preset, String engine, String seed, List<Problem> problems) {
    static final NewSearch EMPTY = new NewSearch("", "demo", "auto", "0", List.of());

    NewSearch {
        problems = List.copyOf(problems);
    }

    public Set<String> presets() {
        return Presets.all().keySet();
    }

    NewSearch with(List<Problem> found) {
        return new NewSearch(name, preset, engine, seed, found);
    }

    /**
     * What it asks for.
     *
     * @throws PnasException where the seed is no number
     */
    SpecificationDraft draft() {
        Map<String, Object> given = new HashMap<>();
        put(given, "name", name);
        put(given, "preset", preset);
        put(given, "engine", engine);
        if (!seed.isEmpty()) {
            given.put("seed", seedNumber());
        }
        return Messages.decode(Messages.encode(given), SpecificationDraft.class);
    }

    private static void put(Map<String, Object> given, String field, String text) {
        if (!text.isEmpty()) {
            given.put(field, text);
        }
    }

    private long seedNumber() {
        try {
            return Long.parseLong(seed);
        } catch (NumberFormatException notANumber) {
            throw PnasException.invalidInput(
                    List.of(new Problem("seed", "must be a whole number, got '" + PlainText.excerpt(seed) + "'")));
        }
    }
}
