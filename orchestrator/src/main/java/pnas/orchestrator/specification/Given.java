package pnas.orchestrator.specification;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value as somebody wrote it; else as the preset says, from which the draft starts; else what is usual.
 *
 * @param own as somebody wrote it, absent where nothing was
 * @param preset what the preset says, absent without one
 * @param problems gets what is wrong
 */
record Given<D>(@Nullable D own, @Nullable D preset, Problems problems) {
    /** A whole draft; a preset that nobody knows is its first problem. */
    static Given<SpecificationDraft> of(SpecificationDraft draft) {
        Problems problems = new Problems();
        String name = draft.title().preset();
        if (name != null) {
            String _ = problems.oneOf("preset", name, List.copyOf(Presets.all().keySet()));
        }
        return new Given<>(draft, name == null ? null : Presets.all().get(name), problems);
    }

    /** A group of it. */
    <G> Given<G> part(Function<D, @Nullable G> group) {
        return new Given<>(
                own == null ? null : group.apply(own), preset == null ? null : group.apply(preset), problems);
    }

    <T> T value(Function<D, @Nullable T> field, T usual) {
        T value = value(field);
        return value == null ? usual : value;
    }

    <T> @Nullable T value(Function<D, @Nullable T> field) {
        T value = own == null ? null : field.apply(own);
        return value == null && preset != null ? field.apply(preset) : value;
    }
}
