package pnas.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.ExpectedCondition;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The pages in a real browser, on the running platform, while a search goes on. */
class PagesInABrowserTest {
    private static RunningPlatform platform;
    private static Search search;
    private static ChromeDriver browser;

    @BeforeAll
    static void open() throws Exception {
        Browser.assumeInstalled();
        platform = RunningPlatform.shared();
        search = Search.submit(platform.rest(), """
                {"name": "seen in a browser", "engine": "replay", "operations": ["sep3x3", "max3x3"], "blocks": 3, "beam": 8,
                 "replay": {"oracle": {"seed": 1, "sigma": 0.004}, "seconds": 0.3}}""");
        browser = Browser.open();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.quit();
        }
    }

    @Test
    void the_list_leads_to_an_experiment_that_moves_and_ends_without_a_reload() throws Exception {
        browser.get(platform.rest().url() + "/");
        click(By.linkText("seen in a browser"));
        until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("h1"), "seen in a browser"));
        String url = browser.getCurrentUrl();
        assertThat(url).endsWith("/experiments/" + search.id());

        // The page said "running" when it was opened; that it comes to say "completed" is the work of its
        // events.
        new WebDriverWait(browser, Duration.ofSeconds(60))
                .until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("body"), "completed"));
        String best = search.awaitCompletion().best();
        until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("body"), best));

        assertThat(browser.findElement(By.tagName("body")).getText())
                .as("answers of the replay engine are marked")
                .containsIgnoringCase("replayed");
        assertThat(browser.findElements(By.cssSelector("svg")))
                .as("the best cell is drawn")
                .isNotEmpty();
        assertThat(browser.findElements(By.cssSelector("canvas")))
                .as("curves are drawn")
                .isNotEmpty();
        assertThat(errors()).as("the console").isEmpty();
    }

    @Test
    void a_row_of_the_table_that_was_sorted_on_the_server_leads_to_its_cell() throws Exception {
        // Else news may take the place of what is about to be pressed, between the press and its release.
        search.awaitCompletion();
        browser.get(platform.rest().url() + "/experiments/" + search.id());
        click(By.id("sort-parameters"));
        until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("[aria-sort=descending] #sort-parameters")));

        click(By.cssSelector("#trials tbody a"));

        until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("#cell-text")));
        assertThat(browser.getCurrentUrl()).contains("/experiments/" + search.id() + "/trials/");
        assertThat(browser.findElements(By.cssSelector(".drawing svg"))).hasSize(1);
        assertThat(browser.findElement(By.id("copy")).isDisplayed()).isTrue();
        assertThat(errors()).as("the console").isEmpty();
    }

    @Test
    void chosen_experiments_are_compared() throws Exception {
        Search other = Search.submit(platform.rest(), """
                {"name": "compared", "engine": "replay", "operations": ["sep3x3"], "blocks": 1,
                 "replay": {"oracle": {"seed": 1, "sigma": 0.004}, "seconds": 0}}""");
        other.awaitCompletion();
        browser.get(platform.rest().url() + "/");
        click(By.id("choose-" + search.id()));
        click(By.id("choose-" + other.id()));

        click(By.id("compare"));

        until(ExpectedConditions.textToBe(By.tagName("h1"), "2 experiments compared"));
        until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("#curve canvas")));
        click(By.cssSelector("#curve-by [value=trainerSeconds]"));
        assertThat(browser.findElement(By.tagName("body")).getText()).contains("operations", "blocks");
        assertThat(errors()).as("the console").isEmpty();
    }

    @Test
    void trainers_are_shown_with_their_devices() {
        browser.get(platform.rest().url() + "/trainers");

        until(ExpectedConditions.textToBePresentInElementLocated(By.id("trainers"), "replay"));
        assertThat(browser.findElements(By.cssSelector("#trainers [data-state=ALIVE]")))
                .isNotEmpty();
        assertThat(errors()).as("the console").isEmpty();
    }

    @Test
    void an_address_that_is_none_is_answered_in_words() {
        browser.get(platform.rest().url() + "/experiments/%zz");

        assertThat(browser.findElement(By.tagName("body")).getText())
                .contains("\"type\":\"urn:pnas:problem:bad-request\"", "malformed escape pair");
        assertThat(errors()).allMatch(error -> error.contains("status of 400"));
    }

    @Test
    void no_page_scrolls_sideways_however_long_its_words_are() throws Exception {
        String word = "PNAS_sweep_2026-11_ResNet-like_baseline_vs_NASNet_dilated_seed=42_lr=0.025_日本語名_çğışöü_run-0017";
        Search other = Search.submit(platform.rest(), """
                {"name": "%s", "engine": "replay", "operations": ["sep3x3", "max3x3"], "blocks": 5, "beam": 4,
                 "replay": {"oracle": {"seed": 3, "sigma": 0.004}, "seconds": 0}}""".formatted(word));
        // Its cause names a table that is nowhere, and is as long as a word may be.
        Search failing = Search.submit(platform.rest(), """
                {"name": "%s", "engine": "replay", "operations": ["sep3x3"], "blocks": 1,
                 "replay": {"table": "%s", "seconds": 0}}""".formatted("W".repeat(100), "w".repeat(100)));
        other.awaitCompletion();
        String best = "/trials/" + other.show().path("best").path("cellId").asText();
        failing.awaitEnd(Duration.ofMinutes(1));
        String cell =
                "/trials/" + failing.trials("FAILED").getFirst().path("cellId").asText();

        List<String> wide = new ArrayList<>();
        for (String path : List.of(
                "/",
                "/?state=FAILED",
                "/experiments/" + other.id(),
                "/experiments/" + other.id() + "/trials",
                "/experiments/" + other.id() + "/events",
                "/experiments/" + other.id() + best,
                "/experiments/" + failing.id(),
                "/experiments/" + failing.id() + "/trials",
                "/experiments/" + failing.id() + "/events",
                "/experiments/" + failing.id() + cell,
                "/compare?experiments=" + other.id() + "," + failing.id() + "," + search.id(),
                "/trainers",
                "/login",
                "/experiments/" + "no-such-experiment".repeat(9),
                "/nowhere-at-all/" + "w".repeat(200),
                "/?state=" + "W".repeat(200))) {
            browser.get(platform.rest().url() + path);
            browser.executeScript("document.querySelectorAll('details').forEach((each) => (each.open = true))");
            for (int width : new int[] {390, 800, 1280}) {
                browser.executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
                Object needed = browser.executeScript("return document.documentElement.scrollWidth");
                if (!(needed instanceof Long pixels) || pixels > width) {
                    wide.add("%s needs %s px of %d".formatted(path, needed, width));
                }
            }
        }
        browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
        // Pages that are not there are complained of.
        assertThat(errors()).allMatch(error -> error.contains("status of 40"));
        assertThat(wide).isEmpty();
    }

    /** An element may be replaced by news between its being found and its being pressed. */
    private static void click(By place) {
        new WebDriverWait(browser, Duration.ofSeconds(20))
                .ignoring(NoSuchElementException.class, StaleElementReferenceException.class)
                .until(_ -> {
                    browser.findElement(place).click();
                    return true;
                });
    }

    private static void until(ExpectedCondition<?> condition) {
        new WebDriverWait(browser, Duration.ofSeconds(20))
                .ignoring(StaleElementReferenceException.class)
                .until(condition);
    }

    /** What the browser complained of; a failed look for a favicon would be here too. */
    private static List<String> errors() {
        return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }
}
