package pnas.orchestrator.web;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pnas.failure.PnasException;
import pnas.failure.Problem;
import pnas.orchestrator.experiment.Presets;
import pnas.orchestrator.experiment.SpecificationDraft;

/**
 * The form that starts a search, as somebody filled it in; a field that is left empty is not given.
 *
 * @param problems why it was refused, empty before that
 */
record NewSearch(String name, String preset, String engine, String seed, List<Problem> problems) {
    static final NewSearch EMPTY = new NewSearch("", "demo", "torch", "0", List.of());

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
        return new SpecificationDraft(
                given(name),
                given(preset),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                given(engine),
                number(),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static @Nullable String given(String text) {
        return text.isEmpty() ? null : text;
    }

    private @Nullable Long number() {
        try {
            return seed.isEmpty() ? null : Long.valueOf(seed);
        } catch (NumberFormatException notANumber) {
            throw PnasException.invalidInput(
                    List.of(new Problem("seed", "must be a whole number, got '" + seed + "'")));
        }
    }
}
