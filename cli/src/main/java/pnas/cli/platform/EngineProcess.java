package pnas.cli.platform;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import pnas.engine.Engine;
import pnas.process.JavaCommand;
import pnas.process.Program;

/** A process that has one engine, set up like the child of a trainer that has it, or PyTorch, on one core. It answers a line with a line. */
public final class EngineProcess implements AutoCloseable {
    private static final String MAIN = "pnas.trainer.benchmark.StepMain";
    private static final String SCRIPT = "step.py";
    private static final String OPTIONS = "pnas.trainer.child.java-options";
    private static final String ENVIRONMENT = "pnas.trainer.child.environment.";

    private final String engine;
    private final Process process;
    private final PrintStream to;
    private final BufferedReader from;
    private final Path errors;

    private EngineProcess(String engine, List<String> program, Map<String, String> variables) throws IOException {
        this.engine = engine;
        List<String> command = new ArrayList<>(List.of("taskset", "-c", lastCore()));
        command.addAll(program);
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("OMP_NUM_THREADS", "1");
        this.errors = Files.createTempFile("pnas-bench", ".log");
        this.process = Program.of(command).with(environment).start(new Program.Errors.AppendedTo(errors));
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        this.to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.from = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Starts one that has an engine of this project.
     *
     * @param build the build of the project whose engine is taken
     * @param own the build that this program is of: an older one may lack the class that measures
     * @param type simple name of the engine's class
     */
    public static EngineProcess of(Path build, Path own, Engine engine, String type) {
        Path application = application(build, engine);
        try {
            Properties settings = settings(application);
            List<String> program = List.of(
                    "-cp",
                    String.join(
                            File.pathSeparator,
                            application.resolve("app") + File.separator + "*",
                            application.resolve("lib/main") + File.separator + "*",
                            file(application(own, engine).resolve("lib/main"), "pnas.pnas-trainer-core-*.jar")
                                    .toString()),
                    MAIN,
                    "pnas.trainer.engine." + engine.text() + "." + type);
            Map<String, String> variables = new HashMap<>();
            for (String name : settings.stringPropertyNames()) {
                if (name.startsWith(ENVIRONMENT)) {
                    variables.put(name.substring(ENVIRONMENT.length()), settings.getProperty(name));
                }
            }
            return new EngineProcess(engine.text(), JavaCommand.of(options(settings), program), variables);
        } catch (IOException e) {
            throw CommandFailedException.failed("cannot run engine " + engine.text() + ": " + Failures.reason(e));
        }
    }

    /**
     * Starts one that has PyTorch.
     *
     * @param python the program
     */
    public static EngineProcess ofPython(String python) {
        try (InputStream script = Objects.requireNonNull(EngineProcess.class.getResourceAsStream(SCRIPT), SCRIPT)) {
            String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            return new EngineProcess("PyTorch", List.of(python, "-c", text), Map.of());
        } catch (IOException e) {
            throw CommandFailedException.failed("cannot run " + python + ": " + Failures.reason(e));
        }
    }

    /** The folder with the application of an engine in a build of the project. */
    public static Path folder(Path build, Engine engine) {
        return build.resolve(engine.module()).resolve("target/quarkus-app");
    }

    private static List<String> options(Properties settings) {
        return List.of(settings.getProperty(OPTIONS, "").split(","));
    }

    /** A program beside an engine that runs once. */
    public static ServiceProgram program(Path install, Engine engine, String main) {
        Path application = application(install, engine);
        try {
            return new ServiceProgram("engine " + engine.text(), application, options(settings(application)), main);
        } catch (IOException e) {
            throw CommandFailedException.failed("cannot run engine " + engine.text() + ": " + Failures.reason(e));
        }
    }

    private static Path application(Path build, Engine engine) {
        Path application = folder(build, engine).toAbsolutePath();
        if (!Files.isDirectory(application)) {
            throw CommandFailedException.failed(
                    "engine " + engine.text() + " is not built in " + application + ": run ./pnas build there");
        }
        return application;
    }

    /** What the trainer gives its children: it stands in the application. */
    private static Properties settings(Path application) throws IOException {
        Properties settings = new Properties();
        try (JarFile jar = new JarFile(
                file(application.resolve("app"), "pnas-trainer-*.jar").toFile())) {
            ZipEntry entry = jar.getEntry("application.properties");
            if (entry == null) {
                throw new IOException("there is no application.properties in " + jar.getName());
            }
            try (InputStream in = jar.getInputStream(entry)) {
                settings.load(in);
            }
        }
        return settings;
    }

    private static Path file(Path folder, String glob) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
            for (Path file : files) {
                return file;
            }
        }
        throw new IOException("there is no " + glob + " in " + folder);
    }

    private static String lastCore() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.replaceAll(".*\\D", ""))
                .findFirst()
                .orElse("0");
    }

    /** Has a question answered. */
    public String ask(String line) {
        to.println(line);
        try {
            String answer = from.readLine();
            if (answer != null) {
                return answer;
            }
            List<String> complaint = Files.readAllLines(errors);
            throw CommandFailedException.failed(engine + " ended: "
                    + String.join("\n", complaint.subList(0, Math.min(complaint.size(), 20))));
        } catch (IOException e) {
            throw CommandFailedException.failed(engine + " does not answer: " + Failures.reason(e));
        }
    }

    public double number(String line) {
        return Double.parseDouble(ask(line));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Files.delete(errors);
        } catch (IOException e) {
            errors.toFile().deleteOnExit();
        }
    }
}
