package pnas.orchestrator.experiment;

import org.jspecify.annotations.Nullable;
import pnas.orchestrator.life.Specification;

/** What an experiment that has ended is to have more of, as somebody wrote it: everything may be absent. The components are those of {@link Specification}. */
public record Extension(
        @Nullable Integer blocks,
        @Nullable Integer beam,
        @Nullable Integer samples,
        SpecificationDraft.@Nullable Limits budget) {}
