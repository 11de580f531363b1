package pnas.cli.platform;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is missing on a machine, and what to do about it. Decides from facts alone; {@link Machine} finds them. */
public final class Diagnosis {
    private static final long GIB = 1L << 30;
    // A broker has 200 files open when nothing has been searched yet, and more with each topic and connection. All
    // services together have 250 threads, each trainer adds 30 and its cores, and whatever else the user runs counts.
    private static final int FEW_FILES = 512;
    private static final int FILES = 4096;
    private static final int FEW_PROCESSES = 512;
    private static final int PROCESSES = 2048;
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?");

    private Diagnosis() {}

    /**
     * A machine as far as the platform cares.
     *
     * @param javaVersion version of the Java that runs this
     * @param compiler whether that Java is a JDK
     * @param maven what {@code mvn -v} begins with; null without Maven
     * @param architecture of the processor, as Java names it
     * @param cores processors that this process may use
     * @param processorFlags features of the processor, as Linux names them
     * @param availableMemory bytes that programs can still have
     * @param homeSpace bytes free where the platform keeps its state
     * @param glibc its version; null where the C library is another one
     * @param setsid whether there is the program of this name
     * @param executableTemp whether a file in the folder for temporary files can be run
     * @param sharedMemory bytes free in {@code /dev/shm}; null where one cannot write there
     * @param limits what this user's processes may have
     * @param port who has the port of the platform
     * @param gpu what {@code nvidia-smi} tells; null without it
     * @param now the time by this machine's clock
     * @param built when the newest program of this installation was built
     */
    public record Facts(
            Runtime.Version javaVersion,
            boolean compiler,
            @Nullable String maven,
            String architecture,
            int cores,
            Set<String> processorFlags,
            long availableMemory,
            long homeSpace,
            @Nullable String glibc,
            boolean setsid,
            boolean executableTemp,
            @Nullable Long sharedMemory,
            Limits limits,
            Port port,
            @Nullable String gpu,
            Instant now,
            Instant built) {
        public Facts {
            processorFlags = Set.copyOf(processorFlags);
        }
    }

    /**
     * What the system lets processes have.
     *
     * @param openFiles files that each may have open
     * @param processes processes and threads that all of this user may have together
     */
    public record Limits(long openFiles, long processes) {}

    /** Who has a port. */
    public sealed interface Port {
        String address();

        /** Nobody. */
        record Free(String address) implements Port {}

        /** A platform of PNAS. */
        record Ours(String address) implements Port {}

        /** Another program. */
        record Taken(String address) implements Port {}
    }

    /** A finding for each thing, in an order in which one would put them right. */
    public static List<Finding> of(Facts facts) {
        return Stream.concat(things(facts).stream(), limits(facts.limits()).stream())
                .toList();
    }

    private static List<Finding> things(Facts facts) {
        return List.of(
                jdk(facts),
                maven(facts),
                processor(facts),
                library(facts),
                cores(facts),
                memory(facts),
                disk(facts),
                port(facts.port()),
                programs(facts),
                temporary(facts),
                sharedMemory(facts),
                clock(facts),
                gpu(facts));
    }

    private static Finding jdk(Facts facts) {
        String found = facts.javaVersion().toString();
        String advice =
                "install a JDK 25 (Debian: apt install temurin-25-jdk or openjdk-25-jdk) or set JAVA_HOME to one";
        if (facts.javaVersion().feature() != 25) {
            return Finding.fail("JDK", found, advice);
        }
        return facts.compiler() ? Finding.ok("JDK", found) : Finding.fail("JDK", found + " without a compiler", advice);
    }

    private static Finding maven(Facts facts) {
        String advice = "the first build fetches one; or install Maven 3.8.7 or later (Debian: apt install maven)";
        if (facts.maven() == null) {
            return Finding.warn("Maven", "none on the path", advice);
        }
        return isAtLeast(facts.maven(), 3, 8, 7)
                ? Finding.ok("Maven", facts.maven())
                : Finding.warn("Maven", facts.maven(), advice);
    }

    private static Finding processor(Facts facts) {
        Set<String> flags = facts.processorFlags();
        if (!facts.architecture().equals("amd64")) {
            return Finding.fail(
                    "processor",
                    facts.architecture(),
                    "the engines and the embedded database need x86-64: use another machine");
        }
        if (!flags.contains("avx2")) {
            return Finding.warn("processor", "no AVX2", "trainings will be slow: a processor since 2015 has it");
        }
        String wide = flags.contains("avx512f") ? ", AVX-512" : ", no AVX-512";
        boolean bf16 = flags.contains("avx512_bf16") || flags.contains("amx_bf16");
        return Finding.ok("processor", "AVX2" + wide + (bf16 ? ", BF16" : ", no BF16: train in fp32"));
    }

    private static Finding library(Facts facts) {
        String advice = "use a system with glibc 2.28 or later, for instance Debian 10 or later (not Alpine)";
        if (facts.glibc() == null) {
            return Finding.fail("C library", "not glibc", advice);
        }
        return isAtLeast(facts.glibc(), 2, 28, 0)
                ? Finding.ok("C library", facts.glibc())
                : Finding.fail("C library", facts.glibc(), advice);
    }

    private static Finding cores(Facts facts) {
        return facts.cores() >= 2
                ? Finding.ok("cores", Integer.toString(facts.cores()))
                : Finding.warn("cores", "1", "everything shares it: a search takes more than twice as long as on two");
    }

    private static Finding memory(Facts facts) {
        String found = size(facts.availableMemory()) + " available";
        if (facts.availableMemory() < 2 * GIB) {
            return Finding.fail(
                    "memory", found, "the platform with two trainers needs 2 GiB at least: end other programs");
        }
        return facts.availableMemory() < 4 * GIB
                ? Finding.warn("memory", found, "4 GiB let two trainers of larger networks run: end other programs")
                : Finding.ok("memory", found);
    }

    private static Finding disk(Facts facts) {
        String found = size(facts.homeSpace()) + " free";
        if (facts.homeSpace() < GIB) {
            return Finding.fail("disk", found, "free 1 GiB at least, or keep the state elsewhere with --home");
        }
        return facts.homeSpace() < 5 * GIB
                ? Finding.warn("disk", found, "checkpoints and the broker's log grow: free 5 GiB, or use --home")
                : Finding.ok("disk", found);
    }

    private static Finding port(Port port) {
        return switch (port) {
            case Port.Free(String address) -> Finding.ok("port", address + " is free");
            case Port.Ours(String address) -> Finding.ok("port", "a platform answers at " + address);
            case Port.Taken(String address) ->
                Finding.fail(
                        "port", address + " is taken by another program", "end that, or choose another one with --url");
        };
    }

    private static Finding programs(Facts facts) {
        return facts.setsid()
                ? Finding.ok("programs", "setsid")
                : Finding.fail("programs", "no setsid", "install util-linux (Debian: apt install util-linux)");
    }

    private static Finding temporary(Facts facts) {
        return facts.executableTemp()
                ? Finding.ok("temporary files", "programs run there")
                : Finding.fail(
                        "temporary files",
                        "programs cannot be run there",
                        "libraries are unpacked there: mount it without noexec, or set TMPDIR to another folder");
    }

    private static Finding sharedMemory(Facts facts) {
        String advice = "the embedded database needs 64 MiB of /dev/shm (docker run --shm-size=256m)";
        if (facts.sharedMemory() == null) {
            return Finding.fail("/dev/shm", "cannot be written", advice);
        }
        String found = size(facts.sharedMemory()) + " free";
        return facts.sharedMemory() < GIB / 16
                ? Finding.warn("/dev/shm", found, advice)
                : Finding.ok("/dev/shm", found);
    }

    private static Finding clock(Facts facts) {
        Duration behind = Duration.between(facts.now(), facts.built());
        return behind.compareTo(Duration.ofMinutes(1)) < 0
                ? Finding.ok("clock", facts.now().toString())
                : Finding.warn(
                        "clock",
                        "earlier than the build of this program",
                        "set it, for instance by timedatectl set-ntp true");
    }

    private static Finding gpu(Facts facts) {
        return Finding.ok(
                "GPU", facts.gpu() == null ? "no NVIDIA driver: trainings run on the processor" : facts.gpu());
    }

    /** Of the limits alone: below them services end with errors of which none says why. */
    public static List<Finding> limits(Limits limits) {
        return List.of(
                limit(
                        "open files",
                        limits.openFiles(),
                        FEW_FILES,
                        FILES,
                        "raise the limit before, for instance ulimit -n 4096 (for good: nofile in /etc/security/limits.conf)"),
                limit(
                        "processes",
                        limits.processes(),
                        FEW_PROCESSES,
                        PROCESSES,
                        "raise the limit before, for instance ulimit -u 4096 (for good: nproc in /etc/security/limits.conf, or"
                                + " pids.max of the container)"));
    }

    private static Finding limit(String check, long limit, int few, int enough, String advice) {
        String found = limit == Long.MAX_VALUE ? "no limit" : limit + " at most";
        if (limit < few) {
            return Finding.fail(check, found, advice);
        }
        return limit < enough ? Finding.warn(check, found, advice) : Finding.ok(check, found);
    }

    private static boolean isAtLeast(String text, int major, int minor, int patch) {
        Matcher version = VERSION.matcher(text);
        if (!version.find()) {
            return false;
        }
        int[] found = {number(version, 1), number(version, 2), number(version, 3)};
        return Arrays.compare(found, new int[] {major, minor, patch}) >= 0;
    }

    private static int number(MatchResult version, int group) {
        return version.group(group) == null ? 0 : Integer.parseInt(version.group(group));
    }

    private static String size(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIB);
    }
}
