package pnas.orchestrator.specification;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.stream.Stream;
import pnas.message.DataSet;
import pnas.message.TrainingSettings;

/**
 * What an experiment searches and how, with everything filled in. Its JSON is flat: each group adds its settings to one object.
 *
 * @param title what people call it
 * @param dataSet what is learnt
 * @param search which cells there are and how they are chosen
 * @param network what is made of a cell
 * @param training how each network is trained
 * @param ranking what ranks candidates
 * @param execution what trains
 * @param share what of the trainers it gets
 * @param budget what it may use before it stops
 * @param seed every chance of the search and of its trainings comes from it
 */
// REST has both names: the data set that was asked for by name, and the data set.
@SuppressWarnings("InconsistentCapitalization")
public record Specification(
        @JsonUnwrapped Title title,
        DataSet dataSet,
        @JsonUnwrapped Search search,
        @JsonUnwrapped NetworkShape network,
        TrainingSettings training,
        @JsonUnwrapped Ranking ranking,
        @JsonUnwrapped Execution execution,
        @JsonUnwrapped Share share,
        Budget budget,
        long seed) {

    /** A setting as pages show it. */
    public record Line(String name, String text) {}

    /** Name of the data set. */
    @JsonProperty
    public String dataset() {
        return dataSet.name();
    }

    /** Seed of the split of the data. */
    @JsonProperty
    public long splitSeed() {
        return dataSet.splitSeed();
    }

    /** The same with another search and budget. */
    public Specification with(Search search, Budget budget) {
        return new Specification(title, dataSet, search, network, training, ranking, execution, share, budget, seed);
    }

    /** All settings as pages show them, but what is used of a budget. */
    public List<Line> lines() {
        return Stream.of(
                        search.lines(),
                        List.of(share.line(), ranking.line()),
                        trainingLines(),
                        List.of(new Line("Seed", seed + ", split " + splitSeed())))
                .flatMap(List::stream)
                .toList();
    }

    /** How each network is trained, as pages show it. */
    public List<Line> trainingLines() {
        return List.of(
                Data.line(dataSet), network.line(), new Line("Training", Training.text(training)), execution.line());
    }
}
