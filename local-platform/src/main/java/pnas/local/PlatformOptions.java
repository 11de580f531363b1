package pnas.local;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pnas.engine.Engine;

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
 * @param attached whether the platform ends with the process that holds its standard input
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
     * @param devices what the trainers of each engine train on, one for each of them; {@code auto} where they choose it themselves
     */
    record Fleet(int orchestrators, Map<Engine, List<String>> devices) {
        Fleet {
            if (orchestrators < 1) {
                throw new IllegalArgumentException("at least one orchestrator is needed, got " + orchestrators);
            }
            devices = Map.copyOf(devices);
        }

        /** Trainers that choose what to train on themselves, so many of each engine. */
        static Fleet choosing(int orchestrators, Map<Engine, Integer> trainers) {
            return new Fleet(
                    orchestrators,
                    trainers.entrySet().stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, entry -> choosing(entry.getValue()))));
        }

        private static List<String> choosing(int trainers) {
            return Collections.nCopies(trainers, "auto");
        }

        /** What its trainers of an engine train on. */
        List<String> devices(Engine engine) {
            return devices.getOrDefault(engine, List.of());
        }

        /** How many trainers of an engine it has. */
        int trainers(Engine engine) {
            return devices(engine).size();
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
        Map<Engine, List<String>> devices = new EnumMap<>(Engine.class);
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
                case "--lease" -> lease = Optional.of(duration(flag, words));
                case "--build" -> build = true;
                case "--dev" -> maven = Optional.of(Path.of(value(flag, words)));
                case "--attached" -> attached = true;
                case "--stop" -> stop = true;
                default -> {
                    Engine engine = Arrays.stream(Engine.values())
                            .filter(each -> flag.equals("--" + each.text() + "-trainers"))
                            .findFirst()
                            .orElseThrow(() -> new IllegalArgumentException("unknown flag '" + flag + "'"));
                    devices.put(engine, Fleet.choosing(count(flag, value(flag, words))));
                }
            }
        }
        if (trainers.isEmpty() || trainers.getAsInt() > 0) {
            Devices found = machine.get();
            int count = trainers.orElseGet(found::trainers);
            devices.merge(
                    found.engine(),
                    found.devices(count),
                    (named, more) ->
                            Stream.concat(named.stream(), more.stream()).toList());
        }
        return new PlatformOptions(
                home,
                install.toAbsolutePath().normalize(),
                port,
                new Fleet(orchestrators, devices),
                lease,
                build,
                maven,
                attached,
                stop);
    }

    /** A number of trainers; empty for {@code auto}, as many as this machine has room for. */
    private static OptionalInt trainers(String flag, Iterator<String> words) {
        String value = value(flag, words);
        return value.equals("auto") ? OptionalInt.empty() : OptionalInt.of(count(flag, value));
    }

    private static int count(String flag, String value) {
        int count = number(flag, value);
        if (count < 0) {
            throw new IllegalArgumentException(flag + " must not be negative, got " + value);
        }
        return count;
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
