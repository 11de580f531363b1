package pnas.orchestrator.capacity;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import pnas.failure.PnasException;

/** Which trainers may be there though none of them is alive yet: those that are kept, or that are started once there is something to train. */
@ApplicationScoped
public class ExpectedTrainers {
    private final CapacityConfiguration config;

    ExpectedTrainers(CapacityConfiguration config) {
        this.config = config;
    }

    /**
     * Trainers that may be there.
     *
     * @param engines theirs
     * @param onDevices whether each takes a device of a node, such as a GPU
     */
    public record Expected(Set<String> engines, boolean onDevices) {
        public Expected {
            engines = Set.copyOf(engines);
        }

        /** Those of a template, of which each trainer takes a resource: devices are those with a domain in their names, as {@code nvidia.com/gpu}. */
        static Expected of(List<JobTemplate> templates, String resource) {
            return new Expected(
                    templates.stream().map(JobTemplate::engine).collect(Collectors.toSet()), resource.contains("/"));
        }

        /** Those that are kept, so many of each engine. */
        static Expected of(Map<String, Integer> kept) {
            return new Expected(
                    kept.entrySet().stream()
                            .filter(engine -> engine.getValue() > 0)
                            .map(Map.Entry::getKey)
                            .collect(Collectors.toSet()),
                    false);
        }
    }

    /** As they are now: the template is a mounted file, which changes. Nothing of a template that is wrong, of which the capacity controller tells. */
    public Expected now() {
        boolean startsSome = config.maximum().filter(most -> most == 0).isEmpty();
        if (!config.mode().equals("kubernetes") || !startsSome) {
            return Expected.of(config.local());
        }
        try {
            return Expected.of(JobTemplate.read(Path.of(config.jobTemplate()), config.resource()), config.resource());
        } catch (PnasException e) {
            return new Expected(Set.of(), false);
        }
    }
}
