package pnas.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of metrics: those that a service exposes, and those that the dashboard queries. */
public final class Metrics {
    private static final Path DASHBOARD = Path.of("docs", "grafana", "pnas.json");
    private static final Pattern QUERY = Pattern.compile("\"expr\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern NAME = Pattern.compile("\\bpnas_[a-z0-9_]+");

    private Metrics() {}

    /** The names of the series in what a service shows to Prometheus. */
    public static Set<String> namesIn(String exposition) {
        return exposition
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names of the series that the queries of the dashboard name. */
    public static Set<String> queriedByTheDashboard() throws IOException {
        return QUERY.matcher(Files.readString(dashboard()))
                .results()
                .flatMap(query -> NAME.matcher(query.group(1)).results())
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The tests of a module run in its folder, which lies somewhere below the root of the project. */
    private static Path dashboard() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(DASHBOARD))) {
                return folder.resolve(DASHBOARD);
            }
        }
        throw new IllegalStateException("no folder above has " + DASHBOARD);
    }
}
