package pnas.cli.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import pnas.process.JavaCommand;
import pnas.process.Program;

/**
 * A program of a service, run in a child process: so the commands that need it do not make this one large. It prints one JSON document, and on its
 * standard error lines that begin with {@code progress}; anything else there is why it failed.
 *
 * @param what it is, for the reader of its failure
 * @param service the folder of the service, with everything built
 * @param options of its Java
 * @param main the program's class
 */
public record ServiceProgram(String what, Path service, List<String> options, String main) {
    private static final String PROGRESS = "progress ";

    /** A program of the predictors. */
    public static ServiceProgram ofPredictors(Path install, String main) {
        return new ServiceProgram(
                "the predictors",
                install.resolve("predictor-service/target/quarkus-app"),
                List.of("-XX:+UseSerialGC", "-Xmx1g"),
                main);
    }

    /**
     * Runs it and returns its document.
     *
     * @param narration where its progress is told
     */
    public JsonNode run(List<String> arguments, PrintWriter narration) {
        try {
            Process process = Program.of(command(arguments)).start(new Program.Errors.Apart());
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            process.outputWriter(StandardCharsets.UTF_8).close();
            StringBuilder complaint = new StringBuilder();
            Thread narrator = Thread.ofPlatform().start(() -> narrate(process, narration, complaint));
            String output;
            try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
                output = reader.lines().collect(Collectors.joining("\n"));
            }
            narrator.join();
            int status = process.waitFor();
            return switch (status) {
                case ExitStatus.DONE -> Json.parse(output);
                case ExitStatus.USAGE -> throw CommandFailedException.usage(complaint.toString());
                default ->
                    throw CommandFailedException.failed(what + " ended with status " + status + ": " + complaint);
            };
        } catch (JsonProcessingException e) {
            throw CommandFailedException.failed(what + " printed no result: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw CommandFailedException.failed("cannot run " + what + ": " + Failures.reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailedException.failed("interrupted");
        }
    }

    private static void narrate(Process process, PrintWriter narration, StringBuilder complaint) {
        process.errorReader(StandardCharsets.UTF_8).lines().forEach(line -> {
            if (line.startsWith(PROGRESS)) {
                narration.println(line.substring(PROGRESS.length()));
                narration.flush();
            } else {
                complaint.append(complaint.isEmpty() ? "" : "\n").append(line);
            }
        });
    }

    private List<String> command(List<String> arguments) {
        if (!Files.isDirectory(service)) {
            throw CommandFailedException.failed(
                    what + " is not built in " + service.toAbsolutePath() + ": run this by the launcher, ./pnas");
        }
        List<String> program = new ArrayList<>(List.of(
                "-cp", jars(service.resolve("app")) + File.pathSeparator + jars(service.resolve("lib/main")), main));
        program.addAll(arguments);
        return JavaCommand.of(options, program);
    }

    private static String jars(Path folder) {
        return folder + File.separator + "*";
    }
}
