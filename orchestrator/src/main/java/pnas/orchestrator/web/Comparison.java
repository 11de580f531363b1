package pnas.orchestrator.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.report.BestCells;
import pnas.orchestrator.report.ExperimentView;
import pnas.orchestrator.specification.Specification;

/**
 * Several experiments side by side.
 *
 * @param entries in the order in which they were asked for
 * @param differences the settings that are not the same everywhere
 */
record Comparison(List<Entry> entries, List<Setting> differences) {
    static final int FEWEST = 2;
    /** As many lines as people can tell apart. */
    static final int MOST = 8;

    /** Settings that are the names of experiments, or that another setting says too. */
    private static final Set<String> LEFT_OUT = Set.of("name", "dataSet.name", "dataSet.splitSeed");

    /** An experiment and how it went. */
    record Entry(ExperimentView experiment, Curve curve) {
        public BestCells cells() {
            return experiment.bestCells();
        }
    }

    /**
     * A setting under the name that it has in REST.
     *
     * @param values of the experiments, in their order
     */
    record Setting(String name, List<String> values) {}

    /** A line of the chart: all lists are of the same length. */
    record Line(String name, List<Integer> finished, List<Double> trainerSeconds, List<Double> best) {
        static Line of(String experimentName, String experimentId, Curve whole) {
            Curve curve = whole.atMost(Charts.MAX_POINTS);
            List<Curve.Point> rises = curve.improvements();
            Line line = new Line(
                    "%s (%s)".formatted(experimentName, experimentId),
                    rises.stream().map(Curve.Point::number).collect(Collectors.toCollection(ArrayList::new)),
                    rises.stream().map(Curve.Point::trainerSeconds).collect(Collectors.toCollection(ArrayList::new)),
                    rises.stream().map(Curve.Point::best).collect(Collectors.toCollection(ArrayList::new)));
            if (!rises.isEmpty() && rises.getLast().number() < curve.finished()) {
                // Goes on to where the experiment is now.
                line.finished.add(curve.finished());
                line.trainerSeconds.add(curve.trainerSeconds());
                line.best.add(rises.getLast().best());
            }
            return line;
        }
    }

    static Comparison of(List<Entry> entries, ObjectMapper json) {
        List<Map<String, String>> settings = entries.stream()
                .map(entry -> settings(entry.experiment().specification(), json))
                .toList();
        Set<String> names = settings.stream()
                .flatMap(each -> each.keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        names.removeAll(LEFT_OUT);
        List<Setting> differences = names.stream()
                .map(name -> new Setting(
                        name,
                        settings.stream()
                                .map(each -> each.getOrDefault(name, "–"))
                                .toList()))
                .filter(setting -> new HashSet<>(setting.values()).size() > 1)
                .toList();
        return new Comparison(entries, differences);
    }

    private static Map<String, String> settings(Specification specification, ObjectMapper json) {
        Map<String, String> settings = new LinkedHashMap<>();
        flatten(null, json.valueToTree(specification), settings);
        return settings;
    }

    private static void flatten(@Nullable String path, JsonNode node, Map<String, String> settings) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> flatten(
                            path == null ? field.getKey() : path + "." + field.getKey(), field.getValue(), settings));
        } else if (path != null && !node.isNull()) {
            settings.put(path, node.isArray() ? texts(node) : node.asText());
        }
    }

    private static String texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return String.join(", ", texts);
    }

    /** The experiments, as the address of this page names them. */
    public String ids() {
        return entries.stream().map(entry -> entry.experiment().id()).collect(Collectors.joining(","));
    }
}
