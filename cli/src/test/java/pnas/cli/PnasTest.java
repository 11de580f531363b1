package pnas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Orchestrator;
import pnas.cli.screen.Screen;

class PnasTest {
    @Test
    void the_first_page_of_help_has_every_command_once_in_a_group_and_examples() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.status()).isEqualTo(ExitStatus.DONE);
        assertThat(run.out()).contains("Begin:\n  demo ", "Examples:\n");
        assertThat(run.out().lines().count()).isLessThan(60);
        assertThat(HelpPage.GROUPS.stream().flatMap(group -> group.commands().keySet().stream()))
                .containsExactlyInAnyOrderElementsOf(root().getSubcommands().values().stream()
                        .map(CommandLine::getCommandName)
                        .distinct()
                        .toList());
    }

    @Test
    void no_page_of_help_is_wider_than_eighty_columns() {
        for (CommandLine command : HelpPage.commands(root()).toList()) {
            assertThat(command.getUsageMessage().lines())
                    .as(command.getCommandSpec().qualifiedName())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        }
    }

    @Test
    void every_example_of_a_page_of_help_is_taken() {
        List<String> examples = HelpPage.commands(root())
                .flatMap(command -> command.getUsageMessage().lines())
                .filter(line -> line.startsWith("  pnas "))
                .toList();

        assertThat(examples)
                .hasSizeGreaterThan(10)
                .allSatisfy(
                        example -> root().parseArgs(DocumentationTest.words(example.substring("  pnas ".length()))));
    }

    @Test
    void options_of_a_search_stand_in_groups() {
        assertThat(CommandRun.of("search", "--help").out())
                .containsSubsequence(
                        "Usage: pnas search [OPTIONS]\n",
                        "The search:\n",
                        "--blocks=B",
                        "The trainings:\n",
                        "--epochs=EPOCHS",
                        "Options of all commands:\n",
                        "--url=URL");
    }

    @Test
    void only_a_terminal_whose_user_wants_them_has_colours() {
        assertThat(Screen.of(null, null)).isEqualTo(new Screen(false, 80, false));
        assertThat(Screen.of(100, null)).isEqualTo(new Screen(true, 100, true));
        assertThat(Screen.of(100, "")).isEqualTo(new Screen(true, 100, true));
        assertThat(Screen.of(100, "1")).isEqualTo(new Screen(true, 100, false));
        assertThat(CommandRun.on(Screen.of(100, null), Path.of("none"), "--help")
                        .out())
                .contains("\033[");
        assertThat(CommandRun.on(Screen.of(100, "1"), Path.of("none"), "--help").out())
                .doesNotContain("\033[");
    }

    private static CommandLine root() {
        return Pnas.commandLine(CommandRun.NO_SCREEN, Path.of("none"));
    }

    @Test
    void localhost_is_where_a_platform_of_this_machine_listens_whatever_the_machine_takes_it_for() {
        assertThat(Orchestrator.reached(URI.create("http://localhost:8100")))
                .isEqualTo(URI.create("http://127.0.0.1:8100"));
        assertThat(Orchestrator.reached(URI.create("http://localhost"))).isEqualTo(URI.create("http://127.0.0.1"));
        for (String other : List.of("https://localhost:8443", "http://[::1]:8080", "http://pnas.example.org")) {
            assertThat(Orchestrator.reached(URI.create(other))).isEqualTo(URI.create(other));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "serch",
                "show",
                "space",
                "space --blocks two",
                "list --url localhost:8080",
                "list -o xml",
                "best k3m9q2xa --top",
                "predictor",
                "bench",
                "bench step --networks none",
                "predictor evaluate",
                "predictor evaluate --oracle --table x.csv",
                "search --blocks 3 --no-such-flag",
                "search -f"
            })
    void wrong_arguments_are_a_usage_error_that_says_where_help_is(String arguments) {
        CommandRun run = CommandRun.of(arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("pnas: ").containsPattern("--help'|Did you mean|Possible solutions");
    }

    @Test
    void a_wrong_address_is_explained() {
        assertThat(CommandRun.of("list", "--url", "localhost:8080").err())
                .contains("--url", "must be an address like http://localhost:8080, got localhost:8080");
    }

    @Test
    void trainers_are_a_number_or_as_many_as_the_machine_has_devices() {
        CommandRun run = CommandRun.of("up", "--trainers", "many", "--url", "http://localhost:1");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("--trainers must be a whole number or 'auto', got 'many'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "workers", "show k3m9q2xa", "best k3m9q2xa", "pause k3m9q2xa"})
    void a_command_that_needs_a_platform_says_how_to_start_one(String command) {
        // Port 1 is not given to programs.
        CommandRun run = CommandRun.of((command + " --url http://localhost:1").split(" "));

        assertThat(run.status()).isEqualTo(ExitStatus.NOT_REACHABLE);
        assertThat(run.err()).contains("PNAS does not answer at http://localhost:1", "pnas up");
    }
}
