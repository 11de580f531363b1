package pnas.local;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the supervisor is asked to run.
 *
 * @param home where all state lives
 * @param install the checkout that holds the built services
 * @param port the HTTP port of the first orchestrator; further ones take the following ports
 * @param fleet how many processes of each kind
 * @param lease the lease of a running training, if it is not the services' own default
 * @param build whether trainers that not every platform has are built before they are started, where that is to be done
 * @param maven with it the orchestrator runs from its sources, which it loads again when they change; else what is built of it
 * @param attached whether the platform ends with whoever holds its standard input
 * @param stop whether the platform of this home is to be stopped instead of started
 */
record PlatformOptions(
        Path home,
        Path install,
        int port,
        Fleet fleet,
        Optional<Duration> lease,
        boolean build,
        Optional<Path> maven,
        boolean attached,
        boolean stop) {
    private static final int HIGHEST_PORT = 65_535;

    /**
     * How many processes of each kind are started.
     *
     * @param devices what the trainers with libtorch train on, one for each of them
     */
    record Fleet(int orchestrators, List<String> devices, int vectorTrainers, int dl4jTrainers, int replayTrainers) {
        /** Trainers that choose what to train on themselves. */
        Fleet(int orchestrators, int torchTrainers, int vectorTrainers, int dl4jTrainers, int replayTrainers) {
            this(
                    orchestrators,
                    chosenByThemselves(orchestrators, torchTrainers, vectorTrainers, dl4jTrainers, replayTrainers),
                    vectorTrainers,
                    dl4jTrainers,
                    replayTrainers);
        }

        Fleet {
            devices = List.copyOf(devices);
            requireSound(orchestrators, devices.size(), vectorTrainers, dl4jTrainers, replayTrainers);
        }

        int torchTrainers() {
            return devices.size();
        }

        private static List<String> chosenByThemselves(
                int orchestrators, int torchTrainers, int vectorTrainers, int dl4jTrainers, int replayTrainers) {
            requireSound(orchestrators, torchTrainers, vectorTrainers, dl4jTrainers, replayTrainers);
            return Collections.nCopies(torchTrainers, "auto");
        }

        private static void requireSound(
                int orchestrators, int torchTrainers, int vectorTrainers, int dl4jTrainers, int replayTrainers) {
            if (orchestrators < 1
                    || torchTrainers < 0
                    || vectorTrainers < 0
                    || dl4jTrainers < 0
                    || replayTrainers < 0) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "at least one orchestrator is needed and no number of trainers may be negative, got %d, %d, %d, %d and %d",
                        orchestrators,
                        torchTrainers,
                        vectorTrainers,
                        dl4jTrainers,
                        replayTrainers));
            }
        }
    }

    PlatformOptions {
        if (port < 1 || port + fleet.orchestrators() - 1 > HIGHEST_PORT) {
            throw new IllegalArgumentException("--port must leave all orchestrators a port up to 65535, got " + port);
        }
        if (maven.isPresent() && fleet.orchestrators() > 1) {
            throw new IllegalArgumentException(
                    "--dev goes with one orchestrator, got --orchestrators " + fleet.orchestrators());
        }
    }

    /**
     * Reads the flags of the command line.
     *
     * @param machine asked where trainers are wanted of the engine that fits it
     */
    static PlatformOptions parse(List<String> arguments, Supplier<Devices> machine) {
        Path home = Path.of(".pnas");
        Path install = Path.of(System.getProperty("pnas.install", "."));
        int port = 8080;
        int orchestrators = 1;
        OptionalInt trainers = OptionalInt.of(2);
        List<String> devices = List.of();
        int vectorTrainers = 0;
        int dl4jTrainers = 0;
        int replayTrainers = 0;
        Optional<Duration> lease = Optional.empty();
        boolean build = false;
        Optional<Path> maven = Optional.empty();
        boolean attached = false;
        boolean stop = false;
        for (Iterator<String> words = arguments.iterator(); words.hasNext(); ) {
            String flag = words.next();
            switch (flag) {
                case "--home" -> home = Path.of(value(flag, words));
                case "--install" -> install = Path.of(value(flag, words));
                case "--port" -> port = number(flag, words);
                case "--orchestrators" -> orchestrators = number(flag, words);
                case "--trainers" -> trainers = trainers(flag, words);
                case "--torch-trainers" -> devices = chosenByThemselves(number(flag, words));
                case "--vector-trainers" -> vectorTrainers = number(flag, words);
                case "--dl4j-trainers" -> dl4jTrainers = number(flag, words);
                case "--replay-trainers" -> replayTrainers = number(flag, words);
                case "--lease" -> lease = Optional.of(duration(flag, words));
                case "--build" -> build = true;
                case "--dev" -> maven = Optional.of(Path.of(value(flag, words)));
                case "--attached" -> attached = true;
                case "--stop" -> stop = true;
                default -> throw new IllegalArgumentException("unknown flag '" + flag + "'");
            }
        }
        if (trainers.isEmpty() || trainers.getAsInt() > 0) {
            Devices found = machine.get();
            int count = trainers.orElseGet(found::trainers);
            if (found.wantTorch()) {
                devices = Stream.concat(devices.stream(), found.forTorch(count).stream())
                        .toList();
            } else {
                vectorTrainers += count;
            }
        }
        return new PlatformOptions(
                home,
                install.toAbsolutePath().normalize(),
                port,
                new Fleet(orchestrators, devices, vectorTrainers, dl4jTrainers, replayTrainers),
                lease,
                build,
                maven,
                attached,
                stop);
    }

    /** A number of trainers; empty for {@code auto}, as many as this machine has room for. */
    private static OptionalInt trainers(String flag, Iterator<String> words) {
        String value = value(flag, words);
        return value.equals("auto")
                ? OptionalInt.empty()
                : OptionalInt.of(chosenByThemselves(number(flag, value)).size());
    }

    private static List<String> chosenByThemselves(int torchTrainers) {
        return new Fleet(1, torchTrainers, 0, 0, 0).devices();
    }

    private static String value(String flag, Iterator<String> words) {
        if (!words.hasNext()) {
            throw new IllegalArgumentException(flag + " needs a value");
        }
        return words.next();
    }

    private static int number(String flag, Iterator<String> words) {
        return number(flag, value(flag, words));
    }

    private static int number(String flag, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(flag + " must be a whole number, got '" + value + "'", e);
        }
    }

    /** {@code 60s}, {@code 2m} or the form of ISO 8601. */
    private static Duration duration(String flag, Iterator<String> words) {
        String value = value(flag, words);
        String upper = value.toUpperCase(Locale.ROOT);
        try {
            Duration duration = Duration.parse(upper.startsWith("P") ? upper : "PT" + upper);
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException(flag + " must be positive, got '" + value + "'");
            }
            return duration;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(flag + " must be a duration such as 60s or 2m, got '" + value + "'", e);
        }
    }
}
