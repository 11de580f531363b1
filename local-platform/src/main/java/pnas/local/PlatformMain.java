package pnas.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * The supervisor as a program: starts the platform of a home directory and runs until SIGTERM or SIGINT, or with {@code --stop} ends the
 * one that runs there. It prints one {@link Report} a line. Exit codes: 0 done, 1 failed, 2 wrong flags.
 */
public final class PlatformMain {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private PlatformMain() {}

    public static void main(String[] arguments) {
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        try {
            OwnerOnly.limitThisProcess();
            exitCode.complete(run(List.of(arguments), System.out, exitCode));
        } finally {
            // A defect must not keep the JVM from ending.
            exitCode.complete(FAILED);
        }
        System.exit(exitCode.join());
    }

    private static int run(List<String> arguments, PrintStream out, CompletableFuture<Integer> exitCode) {
        try {
            PlatformOptions options = PlatformOptions.parse(arguments, () -> {
                Devices found = Devices.find();
                found.remark().ifPresent(sentence -> Report.remark(sentence).printTo(out));
                return found;
            });
            Home home = new Home(options.home());
            // What is logged in this process goes to a file. Set before the first logger
            // is made.
            System.setProperty(
                    "org.slf4j.simpleLogger.logFile", home.log("platform").toString());
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
            System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
            System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd HH:mm:ss.SSS");
            if (options.stop()) {
                Report.stopped(new Leftovers(home, new Random()).stopPlatform()).printTo(out);
            } else {
                runPlatform(options, out, exitCode);
                Report.stopped("The platform of %s was stopped.".formatted(home.directory()))
                        .printTo(out);
            }
            return DONE;
        } catch (IllegalArgumentException e) {
            Report.failed(String.valueOf(e.getMessage())).printTo(out);
            return USAGE;
        } catch (PlatformException e) {
            Report.failed(e.sentence()).printTo(out);
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static void runPlatform(PlatformOptions options, PrintStream out, CompletableFuture<Integer> exitCode)
            throws PlatformException, InterruptedException {
        Platform platform = new Platform(options, Clock.systemUTC(), new Random(), report -> report.printTo(out));
        // At a signal the JVM would end with the signal's own code as soon as its hooks have run; an orderly stop is 0.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            platform.requestStop();
            Runtime.getRuntime().halt(exitCode.join());
        }));
        if (options.attached()) {
            Thread.ofPlatform().daemon().name("attached").start(() -> stopWithTheInput(platform));
        }
        platform.run();
    }

    private static void stopWithTheInput(Platform platform) {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // A broken pipe means the same as its end.
        }
        platform.requestStop();
    }
}
