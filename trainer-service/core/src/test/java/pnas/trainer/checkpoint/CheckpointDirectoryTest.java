package pnas.trainer.checkpoint;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class CheckpointDirectoryTest extends CheckpointStoreContract {
    @TempDir
    private Path directory = Path.of("");

    @Override
    CheckpointStore open() {
        return new CheckpointDirectory(directory.resolve("checkpoints"));
    }
}
