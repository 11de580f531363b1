package pnas.orchestrator.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.experiment.ExperimentHead;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.trial.TrialPage;
import pnas.orchestrator.trial.TrialQuery;
import pnas.orchestrator.trial.TrialQuery.Sort;

/**
 * A table of trials, and the links to the same trials in another order or to further ones in the same order.
 *
 * @param query what the table shows
 * @param page the trials
 * @param whole whether it is a page of its own with all trials, not the part of the experiment's page that shows a few and is kept up to date
 */
record TrialListing(ExperimentHead experiment, TrialQuery query, TrialPage page, boolean whole) {
    /** Rows of the part of the experiment's page. */
    static final int FEW = 25;

    /** Rows of the page of all trials: those of the largest published search, and then some. */
    static final int ALL = 2000;

    /** What the experiment's page shows before anybody asks for something else. */
    static final TrialQuery BEST_FIRST = new TrialQuery(null, null, Sort.ACCURACY, /* descending= */ true, FEW, null);

    /**
     * A column.
     *
     * @param key short name
     * @param title heading
     * @param numeric whether it holds numbers
     * @param link query that sorts by it, absent where that cannot be
     * @param direction {@code ascending} or {@code descending} where the table is sorted by it
     */
    record Column(
            String key,
            String title,
            boolean numeric,
            @Nullable String link,
            @Nullable String direction) {}

    public List<Column> columns() {
        return List.of(
                plain("stage", "Stage", true),
                sortable(Sort.RANK, "Rank"),
                plain("cell", "Cell", false),
                plain("state", "State", false),
                sortable(Sort.PREDICTED, "Predicted"),
                sortable(Sort.ACCURACY, "Accuracy"),
                sortable(Sort.PARAMETERS, "Parameters"),
                sortable(Sort.MULTIPLY_ADDS, "Multiply-adds"),
                plain("seconds", "Training", true),
                plain("worker", "Trainer", false));
    }

    private static Column plain(String key, String title, boolean numeric) {
        return new Column(key, title, numeric, null, null);
    }

    /** The first press sorts ranks upwards and everything else downwards; the next one turns it round. */
    private Column sortable(Sort sort, String title) {
        boolean current = query.sort() == sort;
        boolean descending = current ? !query.descending() : sort != Sort.RANK;
        String direction = query.descending() ? "descending" : "ascending";
        return new Column(sort.text(), title, true, link(text(sort, descending), null), current ? direction : null);
    }

    /** The stages to choose from. */
    public List<Integer> stageNumbers() {
        return IntStream.rangeClosed(1, experiment.blocks()).boxed().toList();
    }

    /** The states to choose from. */
    public TrialState[] states() {
        return TrialState.values();
    }

    /** The parameter that asks for this order. */
    public String sortText() {
        return text(query.sort(), query.descending());
    }

    private static String text(Sort sort, boolean descending) {
        return (descending ? "-" : "") + sort.text();
    }

    public @Nullable Integer stage() {
        return query.stage();
    }

    public @Nullable Object state() {
        return query.state();
    }

    public @Nullable String pageToken() {
        return query.pageToken();
    }

    /** The query of this very table. */
    public String link() {
        return link(sortText(), query.pageToken());
    }

    /** The query of the first page of this table. */
    public String firstLink() {
        return link(sortText(), null);
    }

    /** The query of the page after this one. */
    public String nextLink(String nextPageToken) {
        return link(sortText(), nextPageToken);
    }

    private String link(String sort, @Nullable String pageToken) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query.stage() != null) {
            parameters.put("stage", query.stage().toString());
        }
        if (query.state() != null) {
            parameters.put("state", query.state().name());
        }
        parameters.put("sort", sort);
        if (pageToken != null) {
            parameters.put("pageToken", pageToken);
        }
        return parameters.entrySet().stream()
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "?", ""));
    }
}
