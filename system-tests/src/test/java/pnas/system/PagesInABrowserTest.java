package pnas.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The pages in a real browser, on the running platform, while a search goes on. */
class PagesInABrowserTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    private static RunningPlatform platform;
    private static Search search;
    private static ChromeDriver browser;

    @BeforeAll
    static void open() throws Exception {
        assumeTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "a browser test needs " + CHROMIUM + " and " + DRIVER);
        platform = RunningPlatform.shared();
        search = Search.submit(platform.rest(), """
                {"name": "seen in a browser", "engine": "replay", "operations": ["sep3x3", "max3x3"], "blocks": 3, "beam": 8,
                 "replay": {"oracle": {"seed": 1, "sigma": 0.004}, "seconds": 0.3}}""");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(RunningPlatform.chromiumFlags(Files.createTempDirectory("pnas-chromium")));
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .build(),
                options);
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
        new WebDriverWait(browser, Duration.ofSeconds(20))
                .until(ExpectedConditions.elementToBeClickable(By.linkText("seen in a browser")))
                .click();
        new WebDriverWait(browser, Duration.ofSeconds(20))
                .until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("h1"), "seen in a browser"));
        String url = browser.getCurrentUrl();
        assertThat(url).endsWith("/experiments/" + search.id());

        // The page said "running" when it was opened; that it comes to say "completed" is the work of its
        // events.
        new WebDriverWait(browser, Duration.ofSeconds(60))
                .until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("body"), "completed"));
        String best = search.awaitCompletion().best();
        new WebDriverWait(browser, Duration.ofSeconds(20))
                .until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("body"), best));

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
    void the_table_of_trials_sorts_on_the_server() {
        browser.get(platform.rest().url() + "/experiments/" + search.id());
        WebElement table = new WebDriverWait(browser, Duration.ofSeconds(20))
                .until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("table")));
        assertThat(table.findElements(By.cssSelector("tbody tr"))).isNotEmpty();
    }

    /** What the browser complained of; a failed look for a favicon would be here too. */
    private static List<String> errors() {
        return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }
}
