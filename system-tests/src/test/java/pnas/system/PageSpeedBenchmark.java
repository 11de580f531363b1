package pnas.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * How soon a browser has drawn the pages of the largest published search, 1,160 trials, from the start of the navigation to the second frame after
 * the rows of the table were there. Not part of the suite: the README names its command.
 */
class PageSpeedBenchmark {
    private static final int TRIALS = 1160;
    private static final int RUNS = 20;

    @Test
    void draws_the_pages_of_1160_trials() throws Exception {
        Browser.assumeInstalled();
        RunningPlatform platform = RunningPlatform.shared();
        Search search = Search.submit(platform.rest(), """
                {"name": "as large as the published one", "engine": "replay", "blocks": 5, "beam": 256, "predictor": "mlp-ensemble",
                 "replay": {"oracle": {"seed": 1, "sigma": 0.004}, "seconds": 0}}""");
        await().atMost(Duration.ofMinutes(20))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> !search.show().path("state").asText().equals("RUNNING"));
        JsonNode ended = search.show();
        assertThat(ended.path("progress").path("replayed").asInt())
                .as(ended.toString())
                .isEqualTo(TRIALS);

        String experiment = platform.rest().url() + "/experiments/" + search.id();
        System.out.printf("%nFrom the start of the navigation to the drawn table, milliseconds, %d runs each:%n", RUNS);
        measure("all 1,160 trials on one page", experiment + "/trials", TRIALS);
        measure("the experiment's page, first 25", experiment, 25);
    }

    /** A script that notes the time of the frame in which so many rows had been laid out and painted. */
    private static String noteWhenDrawn(int rows) {
        return """
                const look = () => document.querySelectorAll("#trials tbody tr").length < %d
                    ? requestAnimationFrame(look)
                    : requestAnimationFrame(() => requestAnimationFrame(() => { window.drawnAt = performance.now(); }));
                requestAnimationFrame(look);
                """.formatted(rows);
    }

    private static void measure(String name, String url, int rows) throws Exception {
        ChromeDriver browser = Browser.open();
        try {
            browser.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", noteWhenDrawn(rows)));
            double first = drawnAt(browser, url);
            double[] runs = new double[RUNS];
            for (int i = 0; i < RUNS; i++) {
                runs[i] = drawnAt(browser, url);
            }
            String all = Arrays.stream(runs).mapToObj("%.0f"::formatted).collect(Collectors.joining(" "));
            Arrays.sort(runs);
            System.out.printf(
                    "%s: median %.0f, quartiles %.0f to %.0f, least %.0f, most %.0f; with an empty cache %.0f%n  in order: %s%n",
                    name, runs[RUNS / 2], runs[RUNS / 4], runs[RUNS * 3 / 4], runs[0], runs[RUNS - 1], first, all);
        } finally {
            browser.quit();
        }
    }

    private static double drawnAt(ChromeDriver browser, String url) {
        browser.get(url);
        return new WebDriverWait(browser, Duration.ofSeconds(30))
                .until(_ -> (Number) browser.executeScript("return window.drawnAt"))
                .doubleValue();
    }
}
