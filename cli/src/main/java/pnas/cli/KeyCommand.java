package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import pnas.access.ApiKey;
import pnas.cli.platform.CommandFailedException;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Json;
import pnas.cli.screen.Table;
import pnas.cli.screen.Text;

@Command(
        name = "key",
        description = "Make, list and revoke the keys to a platform that asks for them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {KeyCommand.Create.class, KeyCommand.ListKeys.class, KeyCommand.Revoke.class, KeyCommand.New.class
        })
final class KeyCommand extends PnasCommand {
    /** What is shown of a key. */
    record Key(
            String id,
            String name,
            String role,
            @Nullable String createdAt,
            @Nullable String expiresAt,
            @Nullable String revokedAt,
            @Nullable String lastUsedAt) {
        String state() {
            return revokedAt == null ? "open" : "revoked";
        }
    }

    @Override
    public Integer call() {
        spec().commandLine().usage(spec().commandLine().getErr());
        return ExitStatus.USAGE;
    }

    private static String orNone(@Nullable String text) {
        return text == null ? Text.NONE : text;
    }

    @Command(name = "create", description = "Make a key. It is printed this once, and stored nowhere.")
    static final class Create extends PnasCommand {
        @Option(names = "--name", required = true, description = "what it does is shown under this name")
        private String name = "";

        @Option(
                names = "--role",
                required = true,
                description =
                        "viewer: may read; operator: may also start and steer searches; admin: may also make keys")
        private String role = "";

        @Option(names = "--days", description = "how long it opens (default: for ever)")
        private @Nullable Integer days;

        @Override
        public Integer call() {
            ObjectNode draft = Json.object().put("name", name).put("role", role);
            if (days != null) {
                draft.put("days", days);
            }
            JsonNode answer = orchestrator().createKey(draft);
            print(answer, () -> answer.path("key").asText() + "\n");
            return ExitStatus.DONE;
        }
    }

    @Command(name = "list", description = "List all keys, the newest first.")
    static final class ListKeys extends PnasCommand {
        @Override
        public Integer call() {
            JsonNode answer = orchestrator().keys();
            print(answer, () -> table(answer));
            return ExitStatus.DONE;
        }

        private String table(JsonNode answer) {
            Table table = new Table("ID", "NAME", "ROLE", "STATE", "EXPIRES", "LAST USED");
            for (Key key : Json.readList(answer.path("keys"), Key.class)) {
                table.row(
                        key.id(),
                        key.name(),
                        key.role(),
                        key.state(),
                        orNone(key.expiresAt()),
                        orNone(key.lastUsedAt()));
            }
            return text(table);
        }
    }

    @Command(name = "revoke", description = "Have a key open nothing from now on.")
    static final class Revoke extends PnasCommand {
        @Parameters(paramLabel = "ID", description = "the key, as the list calls it")
        private String id = "";

        @Override
        public Integer call() {
            JsonNode answer = orchestrator().revokeKey(id);
            Key key = Json.read(answer, Key.class);
            print(answer, () -> "%s (%s) opens nothing any more%n".formatted(key.name(), key.id()));
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "new",
            description = {
                "Draw the first key of a platform into a file, and print its hash.",
                "No platform is asked: the hash goes to the orchestrator as PNAS_ACCESS_ADMIN_KEY_HASH, which lets the key in as an admin."
            })
    static final class New extends PnasCommand {
        @Parameters(paramLabel = "FILE", description = "where the key goes; it must not be there yet")
        private Path file = Path.of("");

        @Override
        public Integer call() {
            ApiKey key = ApiKey.draw(new SecureRandom());
            try {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, key.text() + "\n");
            } catch (FileAlreadyExistsException e) {
                throw CommandFailedException.usage(
                        file + " is there already: a key in it would be lost, choose another file");
            } catch (IOException | UnsupportedOperationException e) {
                throw CommandFailedException.failed("cannot write the key to %s: %s".formatted(file, e.getMessage()));
            }
            print(Json.object().put("id", key.id()).put("hash", key.hash()), () -> key.hash() + "\n");
            return ExitStatus.DONE;
        }
    }
}
