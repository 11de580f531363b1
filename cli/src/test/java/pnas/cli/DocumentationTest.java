package pnas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the pages say is held to the files and the commands that they speak of. */
class DocumentationTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path COMMANDS = ROOT.resolve("docs/generated/commands.md");
    private static final int WIDTH = 120;

    private static final Pattern LINK =
            Pattern.compile("\\]\\(([^)\\s]+)\\)|^\\[[^\\]]+\\]: (\\S+)", Pattern.MULTILINE);
    private static final Pattern HEADING = Pattern.compile("^#+ +(.+)$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("^```.*?^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern SHELL = Pattern.compile("^```sh\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern OUTPUT =
            Pattern.compile("<!-- output: (.+?) -->\\n```\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    /** Those of the launcher itself. */
    private static final Set<String> LAUNCHER = Set.of("build", "test", "images", "release");

    /** The pages of the project: all of docs, those at the root, and the first one of each module. */
    static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
                Stream<Path> others = Files.find(
                        ROOT,
                        2,
                        (file, _) -> !file.startsWith(ROOT.resolve("docs"))
                                && !ROOT.relativize(file).startsWith("target"))) {
            return Stream.concat(docs, others)
                    .filter(file -> file.toString().endsWith(".md"))
                    .map(ROOT::relativize)
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_link_leads_to_a_file_and_a_heading(Path page) throws IOException {
        List<String> broken = new ArrayList<>();
        String text = CODE.matcher(text(page)).replaceAll("");
        for (String target : LINK.matcher(text)
                .results()
                .map(link -> link.group(1) == null ? link.group(2) : link.group(1))
                .toList()) {
            URI link = URI.create(target);
            if (link.getScheme() != null) {
                continue;
            }
            Path file = link.getPath().isEmpty()
                    ? ROOT.resolve(page)
                    : ROOT.resolve(page).resolveSibling(link.getPath());
            boolean there = Files.exists(file)
                    && (link.getFragment() == null
                            || anchors(Files.readString(file)).contains(link.getFragment()));
            if (!there) {
                broken.add(target);
            }
        }
        assertThat(broken).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void prose_is_narrow_enough_to_be_read_anywhere(Path page) throws IOException {
        // Those that were written before this rule, or are made from the code.
        if (page.startsWith("docs/adr") || page.startsWith("docs/generated") || page.endsWith("CHANGELOG.md")) {
            return;
        }
        assertThat(CODE.matcher(text(page)).replaceAll("").lines())
                .filteredOn(line -> !line.startsWith("|") && !line.matches("\\[[^\\]]+\\]: .*"))
                .allSatisfy(line -> assertThat(
                                line.replaceAll("\\]\\([^)]*\\)", "]").length())
                        .as(line)
                        .isLessThanOrEqualTo(WIDTH));
    }

    @Test
    void the_first_page_is_short_and_has_the_two_commands() throws IOException {
        assertThat(text(Path.of("README.md")).lines()).hasSizeLessThan(150);
        assertThat(text(Path.of("README.md"))).contains("\n./pnas demo ", "\n./pnas test ");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_command_of_a_page_is_one_that_is_taken(Path page) throws IOException {
        List<String> refused = new ArrayList<>();
        for (String line : SHELL.matcher(text(page))
                .results()
                .flatMap(block -> block.group(1).replace("\\\n", " ").lines())
                .filter(line -> line.contains("./pnas "))
                .toList()) {
            String command = line.substring(line.indexOf("./pnas ") + "./pnas ".length())
                    .replaceAll("( #| \\||;).*", "")
                    .strip();
            if (LAUNCHER.contains(command.split(" ", 2)[0])) {
                continue;
            }
            try {
                Pnas.commandLine(CommandRun.NO_SCREEN, ROOT).parseArgs(words(command));
            } catch (CommandLine.ParameterException e) {
                refused.add(line.strip() + ": " + e.getMessage());
            }
        }
        assertThat(refused).isEmpty();
    }

    /** Run {@code docs/outputs.sh} to write them anew. */
    @ParameterizedTest
    @MethodSource("pages")
    void a_page_shows_what_its_commands_print(Path page) throws IOException {
        Matcher output = OUTPUT.matcher(text(page));
        for (MatchResult shown : output.results().toList()) {
            String command = shown.group(1);
            CommandRun run = CommandRun.of(words(command.replaceFirst("^\\./pnas ", "")));
            assertThat(shown.group(2)).isEqualTo("$ " + command + "\n" + run.out());
        }
    }

    /** Run with {@code -Dpnas.write-docs=true} to write it anew. */
    @Test
    void the_page_of_commands_has_what_help_says() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Commands

                What `./pnas COMMAND --help` prints. Made from the code by `DocumentationTest`.
                """);
        HelpPage.commands(Pnas.commandLine(CommandRun.NO_SCREEN, ROOT))
                .forEach(command -> page.append("\n## ")
                        .append(command.getCommandSpec().qualifiedName())
                        .append("\n```\n")
                        .append(command.getUsageMessage(CommandLine.Help.Ansi.OFF))
                        .append("```\n"));
        if (Boolean.getBoolean("pnas.write-docs")) {
            Files.writeString(COMMANDS, page);
        }
        assertThat(COMMANDS).hasContent(page.toString());
    }

    private static String text(Path page) throws IOException {
        return Files.readString(ROOT.resolve(page));
    }

    /** The names by which links lead to the headings of a page. */
    private static List<String> anchors(String page) {
        return HEADING.matcher(CODE.matcher(page).replaceAll(""))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .strip()
                        .replace(' ', '-'))
                .toList();
    }

    /** The words of a command, in which quotes keep spaces. */
    static String[] words(String command) {
        return Pattern.compile("\"([^\"]*)\"|(\\S+)")
                .matcher(command)
                .results()
                .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                .toArray(String[]::new);
    }
}
