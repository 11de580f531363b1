package pnas.local;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import pnas.access.ApiKey;

/**
 * The directory that holds everything of one platform: data, logs, the state file and the lock of its supervisor. It is for the account of
 * the platform alone.
 */
record Home(Path directory) {
    private static final long MEBIBYTE = 1024 * 1024;

    /** What the platform needs to start: the broker's and the database's first files, and room for results. */
    static final long REQUIRED_BYTES = 1024 * MEBIBYTE;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    Home {
        directory = directory.toAbsolutePath().normalize();
    }

    Path kafka() {
        return directory.resolve("kafka");
    }

    /** Where the platform writes, each of which may be a disk of its own. */
    List<Path> written() {
        return List.of(directory, logs(), kafka(), database(), checkpoints(), models());
    }

    /** The ports where the orchestrators tell of their health. */
    Path managementPorts() {
        return directory.resolve("management-ports");
    }

    Path database() {
        return directory.resolve("postgres");
    }

    /** Where PostgreSQL's programs are that no other home uses. */
    private Path ownDatabaseBinaries() {
        return database().resolve("programs");
    }

    /**
     * Where PostgreSQL's programs are unpacked: once for all homes of this account, unless another account could swap them there or this home has
     * its own.
     *
     * @param environment names the place where this account keeps what can be made again
     */
    Path databaseBinaries(Map<String, String> environment) {
        Path own = ownDatabaseBinaries();
        return Files.exists(own)
                ? own
                : folder(environment, "XDG_CACHE_HOME")
                        .or(() -> folder(environment, "HOME").map(home -> home.resolve(".cache")))
                        .map(caches -> caches.resolve("pnas/postgresql"))
                        .filter(Home::canBeOwn)
                        .orElse(own);
    }

    private static Optional<Path> folder(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(Path::of).filter(Path::isAbsolute);
    }

    /** Whether a folder is this account's alone or can be made so. */
    private static boolean canBeOwn(Path folder) {
        try {
            if (Ownership.objection(folder).isPresent()) {
                return false;
            }
            OwnerOnly.createFolders(folder);
            return Ownership.isOwn(folder) && Files.isWritable(folder);
        } catch (IOException e) {
            return false;
        }
    }

    private Path logs() {
        return directory.resolve("logs");
    }

    Path log(String name) {
        return logs().resolve(name + ".log");
    }

    Path checkpoints() {
        return directory.resolve("checkpoints");
    }

    Path models() {
        return directory.resolve("models");
    }

    Path tables() {
        return directory.resolve("tables");
    }

    Path data() {
        return directory.resolve("data");
    }

    Path dataCache() {
        return directory.resolve("data-cache");
    }

    /**
     * A file of this name with a secret, such as a password or a key. {@link OwnerOnly#secret} makes one, {@link OwnerOnly#write} keeps one
     * that was made elsewhere.
     */
    Path secret(String name) {
        return directory.resolve("secrets").resolve(name);
    }

    /** The key that opens REST and pages to who may read its file, as an admin: the one that is there, or else a new one. */
    ApiKey adminKey() throws IOException {
        Path file = secret("admin.key");
        String kept = OwnerOnly.read(file);
        // Another account may know one that it could read or put there.
        if (ApiKey.isValid(kept) && Ownership.isOwn(file)) {
            return new ApiKey(kept);
        }
        ApiKey made = ApiKey.draw(new SecureRandom());
        OwnerOnly.write(file, made.text() + "\n");
        return made;
    }

    /**
     * Creates the directories, closes the home to other accounts, and checks that it can be written to and has this much room.
     *
     * @throws PlatformException also where the home belongs to another account, or another account could put its own in its place
     */
    void prepare(long requiredBytes) throws PlatformException {
        try {
            requireOwn();
            OwnerOnly.createFolders(directory);
            Ownership.closeToOthers(directory);
            for (Path part : new Path[] {logs(), directory.resolve("secrets"), checkpoints(), tables(), data()}) {
                OwnerOnly.createFolders(part);
            }
            Path probe = Files.createTempFile(directory, "probe", "");
            Files.delete(probe);
            long usable = Files.getFileStore(directory).getUsableSpace();
            if (usable < requiredBytes) {
                throw new PlatformException(String.format(
                        Locale.ROOT,
                        "The disk of %s has %d MiB left and the platform needs %d MiB: make room, or choose another place with --home.",
                        directory,
                        usable / MEBIBYTE,
                        requiredBytes / MEBIBYTE));
            }
        } catch (IOException e) {
            throw new PlatformException(
                    "The directory %s cannot be used (%s): make it writable, or choose another place with --home."
                            .formatted(directory, reason(e)),
                    e);
        }
    }

    /** Refuses a home that is not this account's alone to decide about. One that is missing will be. */
    void requireOwn() throws PlatformException, IOException {
        Optional<String> objection = Ownership.objection(directory);
        if (objection.isPresent()) {
            throw new PlatformException(
                    "The directory %s cannot be a home of the platform: %s. Choose another place with --home."
                            .formatted(directory, objection.get()));
        }
    }

    /**
     * Closes everything in the home to other accounts, as an older version or another program may have left it. What links lead to stays as
     * it is. Only the process that holds the lock may call it.
     */
    void closeToOthers() throws PlatformException {
        try {
            Path programs = ownDatabaseBinaries();
            if (Files.isDirectory(programs, LinkOption.NOFOLLOW_LINKS) && !Ownership.isOwn(programs)) {
                // Earlier versions let everybody write there, so nobody knows what these are. They are unpacked again.
                Ownership.deleteAll(programs);
            }
            Ownership.closeAll(directory, List.of(data(), dataCache()));
        } catch (IOException e) {
            throw new PlatformException(
                    "The directory %s could not be closed to other accounts (%s): see to it that everything in it belongs to the account that runs the platform."
                            .formatted(directory, reason(e)),
                    e);
        }
    }

    private static String reason(IOException failure) {
        return switch (failure) {
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            case FileSystemException other when other.getReason() != null -> other.getReason() + ": " + other.getFile();
            default -> failure.toString();
        };
    }

    /**
     * Takes the lock that each running supervisor holds on its home. The system frees it when the process ends, however that happens.
     *
     * @return what frees the lock, or nothing when another supervisor has it
     */
    Optional<FileChannel> lock() throws IOException {
        FileChannel channel = FileChannel.open(
                directory.resolve("platform.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return Optional.of(channel);
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process, which is no different from any other.
        }
        channel.close();
        return Optional.empty();
    }

    /** What the state file says; nothing when there is none that can be read. */
    Optional<PlatformState> readState() {
        try {
            return Optional.of(JSON.readValue(stateFile().toFile(), PlatformState.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Replaces the state file in one step, so that nobody reads half of it. */
    void writeState(PlatformState state) throws IOException {
        Path next = directory.resolve("platform.json.next");
        Files.write(next, JSON.writeValueAsBytes(state));
        Files.move(next, stateFile(), StandardCopyOption.ATOMIC_MOVE);
    }

    void deleteState() throws IOException {
        Files.deleteIfExists(stateFile());
    }

    private Path stateFile() {
        return directory.resolve("platform.json");
    }
}
