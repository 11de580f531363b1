package pnas.orchestrator.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.report.ExperimentPage;

/**
 * A page of the list of experiments.
 *
 * @param state only those in this state, where given
 * @param pageToken of the page before, absent on the first
 * @param page what it shows
 */
record ExperimentList(
        @Nullable ExperimentState state, @Nullable String pageToken, ExperimentPage page) {
    /** A link to the experiments in one state, or to all of them. */
    record Filter(String text, String query, boolean current) {}

    public List<Filter> filters() {
        return Stream.concat(
                        Stream.of(new Filter("all", "", state == null)),
                        Arrays.stream(ExperimentState.values())
                                .map(each -> new Filter(Formats.words(each), "?state=" + each, each == state)))
                .toList();
    }

    /** The query of this very page. */
    public String query() {
        return query(pageToken);
    }

    /** The query of the page after this one. */
    public String older() {
        return query(page.nextPageToken());
    }

    private String query(@Nullable String token) {
        String filter = state == null ? "" : "state=" + state;
        String place = token == null ? "" : "pageToken=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        String both = filter + (filter.isEmpty() || place.isEmpty() ? "" : "&") + place;
        return both.isEmpty() ? "" : "?" + both;
    }
}
