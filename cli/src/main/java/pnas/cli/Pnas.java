package pnas.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;
import pnas.access.ApiKey;
import pnas.access.LocalAccounts;
import pnas.cell.Cell;
import pnas.cell.Operation;
import pnas.cli.platform.CommandFailedException;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.GivenFile;
import pnas.cli.platform.HomeKey;
import pnas.cli.platform.LocalPlatform;
import pnas.cli.screen.Screen;
import pnas.network.ImageShape;

/** The root of the commands, and the options that all of them have. */
@Command(
        name = "pnas",
        description = "Progressive neural architecture search on this machine.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Pnas.Version.class,
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            DownCommand.class,
            SearchCommand.class,
            ListCommand.class,
            ShowCommand.class,
            WatchCommand.class,
            BestCommand.class,
            ExportCommand.class,
            ModelCommand.class,
            ChangeCommand.Pause.class,
            ChangeCommand.Resume.class,
            ChangeCommand.Cancel.class,
            ExtendCommand.class,
            RetryCommand.class,
            TrainersCommand.class,
            KeyCommand.class,
            SignInCommand.class,
            SpaceCommand.class,
            NetworkCommand.class,
            PredictorCommands.class,
            BenchCommand.class,
            DoctorCommand.class,
            DevCommand.class,
            CompletionCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  pnas demo",
            "  pnas search --preset demo --beam 16 --watch",
            "  pnas search -f examples/own-images.yaml --data photos/pets --dry-run",
            "Exit status: 0 done, 1 failed, 2 wrong arguments, 3 no platform answers."
        })
public final class Pnas {
    private static final int MOST_KEY_BYTES = 4096;
    private static final String USUAL_URL = "http://localhost:8080";
    private static final String USUAL_HOME = ".pnas";

    private final Screen screen;
    private final Path install;

    @Option(
            names = "--url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:PNAS_URL:-" + USUAL_URL + "}",
            description = {"where PNAS answers; default: $PNAS_URL, else", USUAL_URL})
    private URI url = URI.create(USUAL_URL);

    // Not the key itself: an account that may list the processes of a machine reads their arguments.
    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "the file with the key, where one is asked for (default: $PNAS_API_KEY, or the key of the home)")
    private @Nullable Path keyFile;

    @Option(
            names = "--home",
            paramLabel = "FOLDER",
            scope = ScopeType.INHERIT,
            description = "where a platform of this machine keeps its state (default: ${DEFAULT-VALUE})",
            defaultValue = USUAL_HOME)
    private Path home = Path.of(USUAL_HOME);

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            scope = ScopeType.INHERIT,
            description = "how results are printed (default: ${DEFAULT-VALUE})",
            defaultValue = "table")
    private OutputFormat output = OutputFormat.TABLE;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show this help")
    @SuppressWarnings("unused") // picocli acts on it.
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "show the version")
    @SuppressWarnings("unused") // picocli acts on it.
    private boolean version;

    Pnas(Screen screen, Path install) {
        this.screen = screen;
        this.install = install;
    }

    /** Runs a command and exits with one of {@link ExitStatus}. The launcher names the project's root in {@code pnas.install}. */
    public static void main(String[] arguments) {
        Path install = Path.of(System.getProperty("pnas.install", ""));
        System.exit(commandLine(Screen.ofProcess(), install).execute(arguments));
    }

    static CommandLine commandLine(Screen screen, Path install) {
        CommandLine commandLine = new CommandLine(new Pnas(screen, install));
        SearchFlag.addTo(subcommand(commandLine, "search"), SearchFlag.OF_SEARCH);
        SearchFlag.addTo(subcommand(commandLine, "extend"), SearchFlag.OF_EXTENSION);
        HelpPage.installOn(commandLine, screen);
        return commandLine
                .registerConverter(URI.class, checked(Pnas::address))
                .registerConverter(Cell.class, checked(Cell::parse))
                .registerConverter(Operation.class, checked(Operation::parse))
                .registerConverter(ImageShape.class, checked(ImageShape::parse))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Pnas::explainUsage)
                .setExecutionExceptionHandler(Pnas::explainFailure);
    }

    private static CommandSpec subcommand(CommandLine commandLine, String name) {
        return requireNonNull(commandLine.getSubcommands().get(name)).getCommandSpec();
    }

    Screen screen() {
        return screen;
    }

    URI url() {
        return url;
    }

    /** What lets this command in; null where nothing was given. */
    @Nullable ApiKey key() {
        String text = keyFile == null
                ? System.getenv("PNAS_API_KEY")
                : new GivenFile("--key-file", keyFile).text(MOST_KEY_BYTES);
        if (text == null || (keyFile == null && text.isBlank())) {
            return null;
        }
        try {
            return new ApiKey(text.strip());
        } catch (IllegalArgumentException e) {
            throw CommandFailedException.usage(
                    (keyFile == null ? "PNAS_API_KEY" : keyFile.toString()) + " has no key: " + e.getMessage());
        }
    }

    /** What lets it in where nothing was given and it may read the home. */
    HomeKey homeKey() {
        return new HomeKey(home, url, LocalAccounts.ofThisMachine());
    }

    Path home() {
        return home;
    }

    OutputFormat output() {
        return output;
    }

    /** The folder of the project, with everything built. */
    Path install() {
        return install;
    }

    LocalPlatform localPlatform() {
        return new LocalPlatform(install, home, url);
    }

    /** A command as it is typed to speak to the same platform again. */
    String again(String command) {
        String usual = Objects.requireNonNullElse(System.getenv("PNAS_URL"), USUAL_URL);
        return "./pnas " + command
                + (url.toString().equals(usual) ? "" : " --url " + url)
                + (home.equals(Path.of(USUAL_HOME)) ? "" : " --home " + home);
    }

    private static URI address(String text) {
        URI address = URI.create(text);
        if (address.getHost() == null
                || !Objects.toString(address.getScheme(), "").matches("https?")) {
            throw new IllegalArgumentException("must be an address like http://localhost:8080, got " + text);
        }
        return address;
    }

    /** Hands the message of a domain type's own check to the person; picocli would hide it in an exception's name. */
    private static <T> ITypeConverter<T> checked(Function<String, T> read) {
        return text -> {
            try {
                return read.apply(text.strip());
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }

    private static int explainUsage(ParameterException failure, String[] arguments) {
        PrintWriter err = failure.getCommandLine().getErr();
        err.println("pnas: " + failure.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
            err.println("See '" + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        }
        return ExitStatus.USAGE;
    }

    private static int explainFailure(Exception failure, CommandLine commandLine, CommandLine.ParseResult arguments)
            throws Exception {
        if (failure instanceof CommandFailedException known) {
            commandLine.getErr().println("pnas: " + known.getMessage());
            return known.exitStatus();
        }
        // Anything else is a defect of this program: its trace is what a report of it needs.
        throw failure;
    }

    /** The version of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Pnas.class.getPackage().getImplementationVersion();
            return new String[] {"pnas " + Objects.requireNonNullElse(version, "(not packaged)")};
        }
    }
}
