package pnas.orchestrator.specification;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import pnas.dataset.DataFolder;
import pnas.failure.PnasException;
import pnas.message.DataSet;

/**
 * An experiment as somebody wrote it: everything may be absent and nothing is checked. The groups are those of {@link Specification}, and its JSON is as flat.
 *
 * @param seed see {@link Specification}
 */
public record SpecificationDraft(
        @JsonUnwrapped Title.Draft title,
        @JsonUnwrapped Data.Draft data,
        @JsonUnwrapped Search.Draft search,
        @JsonUnwrapped NetworkShape.Draft network,
        Training.@Nullable TrainingDraft training,
        @JsonUnwrapped Ranking.Draft ranking,
        @JsonUnwrapped Execution.Draft execution,
        @JsonUnwrapped Share.Draft share,
        Budget.@Nullable BudgetDraft budget,
        @Nullable Long seed) {

    /**
     * What is written here, with everything filled in.
     *
     * @param folder where its data set is looked for, and read
     * @param trainers asked where the engine is left open
     * @throws PnasException with all problems
     */
    public Specification read(DataFolder folder, Supplier<EngineChoice> trainers) {
        Given<SpecificationDraft> given = Given.of(this);
        DataSet dataSet = Data.read(given.part(SpecificationDraft::data), folder);
        NetworkShape network = NetworkShape.read(given.part(SpecificationDraft::network));
        Specification specification = new Specification(
                Title.read(given.part(SpecificationDraft::title)),
                dataSet,
                Search.read(given.part(SpecificationDraft::search)),
                network,
                Training.read(given.part(SpecificationDraft::training), dataSet),
                Ranking.read(given.part(SpecificationDraft::ranking)),
                Execution.read(given.part(SpecificationDraft::execution), trainers),
                Share.read(given.part(SpecificationDraft::share)),
                Budget.read(given.part(SpecificationDraft::budget)),
                given.value(SpecificationDraft::seed, 0L));
        if (!given.problems().areIn(Data.FIELDS)) {
            network.requireImage(dataSet.image(), given.problems());
        }
        given.problems().refuse();
        network.requireIndex(
                "filters",
                specification.search().blocks(),
                specification.training().batchSize(),
                dataSet,
                given.problems());
        given.problems().refuse();
        return specification;
    }
}
