package pnas.orchestrator.specification;

import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import pnas.engine.Engine;
import pnas.message.TrainingProgress.Machine;

/**
 * Which engine an experiment gets that leaves it open. It is chosen once, when the experiment is created, since results of two engines are not compared.
 *
 * @param machines what the live trainers of all engines compute with
 * @param expected engines of trainers that may be there though none of them is alive yet
 * @param onDevices whether each of the expected ones takes a device of a node, such as a GPU
 */
public record EngineChoice(Collection<Machine> machines, Set<String> expected, boolean onDevices) {
    /** The name that leaves it open. */
    static final String AUTO = "auto";

    /** How CUDA begins the names of GPUs. */
    private static final Pattern GPU = Pattern.compile("(?i)\\b(nvidia|tesla|quadro|geforce|titan)\\b");

    public EngineChoice {
        machines = Set.copyOf(machines);
        expected = Set.copyOf(expected);
    }

    /** The engine of the GPUs where there is one, else that for processors where a trainer has it, else the one that trains on both. */
    public Engine engine() {
        boolean gpus = (onDevices && expected.contains(Engine.TORCH.text()))
                || machines.stream()
                        .anyMatch(machine -> machine.engine().equals(Engine.TORCH.text())
                                && GPU.matcher(machine.deviceKind()).find());
        boolean vector = Stream.concat(machines.stream().map(Machine::engine), expected.stream())
                .anyMatch(Engine.VECTOR.text()::equals);
        return vector && !gpus ? Engine.VECTOR : Engine.TORCH;
    }

    /** What {@code engine} of a draft may be. */
    static Stream<String> names() {
        return Stream.concat(Stream.of(AUTO), Engine.texts().stream());
    }
}
