package pnas.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import pnas.cli.screen.Screen;

/** How a command explains itself: commands and options in groups, in lines that a small terminal takes. */
final class HelpPage {
    /** Narrower lines are refused by picocli. */
    private static final int LEAST_WIDTH = 55;

    /**
     * Commands that belong together, as the first page lists them.
     *
     * @param commands each with what it does, in half a line
     */
    record Group(String heading, Map<String, String> commands) {
        private static Group of(String heading, String... commandsAndTexts) {
            Map<String, String> commands = new LinkedHashMap<>();
            for (int i = 0; i < commandsAndTexts.length; i += 2) {
                commands.put(commandsAndTexts[i], commandsAndTexts[i + 1]);
            }
            return new Group(heading, commands);
        }
    }

    static final List<Group> GROUPS = List.of(
            Group.of(
                    "Begin",
                    "demo",
                    "search a cell for the built-in digits, now",
                    "doctor",
                    "say what this machine lacks, and what to do about it",
                    "up",
                    "start the platform of this machine in the background",
                    "down",
                    "stop it; its searches go on when it is started again"),
            Group.of(
                    "Search and look",
                    "search",
                    "submit a search",
                    "list",
                    "list all experiments",
                    "show",
                    "show one: its stages, and its best cell so far",
                    "watch",
                    "follow one until it ends",
                    "best",
                    "list its best cells",
                    "export",
                    "write all its trials as CSV",
                    "model",
                    "download the weights of a trained cell"),
            Group.of(
                    "Steer",
                    "pause",
                    "start nothing new of an experiment",
                    "resume",
                    "go on with one that is paused, or failed",
                    "cancel",
                    "end one for good",
                    "extend",
                    "go on with one that ended: more blocks, cells or budget",
                    "retry",
                    "try again what failed of one"),
            Group.of(
                    "Look after the platform",
                    "trainers",
                    "list the trainers and what they train",
                    "dev",
                    "run it from its sources, for those who change it",
                    "key",
                    "make, list and revoke keys",
                    "sign-in",
                    "print a link that signs a browser in"),
            Group.of(
                    "Without a platform",
                    "space",
                    "count the cells of a search space",
                    "network",
                    "show the network that a cell makes",
                    "predictor",
                    "judge and time the predictors",
                    "bench",
                    "time the engines",
                    "completion",
                    "print a script that completes commands in a shell"));

    private HelpPage() {}

    /** Has a command and those below it explain themselves so. */
    static void installOn(CommandLine root, Screen screen) {
        root.setUsageHelpWidth(Math.clamp(screen.width(), LEAST_WIDTH, Screen.USUAL_WIDTH));
        root.setColorScheme(Help.defaultColorScheme(screen.isColoured() ? Help.Ansi.ON : Help.Ansi.OFF));
        commands(root).forEach(HelpPage::install);
        root.getCommandSpec().usageMessage().commandListHeading("");
        root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, _ -> groups());
    }

    /** A command and all below it. */
    static Stream<CommandLine> commands(CommandLine root) {
        return Stream.concat(
                Stream.of(root),
                root.getSubcommands().values().stream().distinct().flatMap(HelpPage::commands));
    }

    private static void install(CommandLine command) {
        command.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpPage::options);
    }

    private static String groups() {
        StringBuilder text = new StringBuilder();
        for (Group group : GROUPS) {
            text.append('\n').append(group.heading()).append(":\n");
            group.commands()
                    .forEach((name, what) -> text.append("  ")
                            .append(name)
                            .append(" ".repeat(12 - name.length()))
                            .append(what)
                            .append('\n'));
        }
        return text.toString();
    }

    private static String options(Help help) {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        help.commandSpec().options().stream()
                .filter(option -> !option.inherited())
                .forEach(option -> groups.computeIfAbsent(heading(option), _ -> new ArrayList<>())
                        .add(option));
        help.commandSpec().options().stream()
                .filter(OptionSpec::inherited)
                .forEach(option -> groups.computeIfAbsent("Options of all commands", _ -> new ArrayList<>())
                        .add(option));
        StringBuilder text = new StringBuilder();
        groups.forEach((heading, options) -> {
            Help.Layout layout = help.createDefaultLayout(options, List.of(), help.colorScheme());
            layout.addOptions(options, help.createDefaultParamLabelRenderer());
            text.append(heading).append(":\n").append(layout);
        });
        return text.toString();
    }

    private static String heading(OptionSpec option) {
        return SearchFlag.ofOption(option.longestName())
                .map(SearchFlag::heading)
                .orElse("Options");
    }
}
