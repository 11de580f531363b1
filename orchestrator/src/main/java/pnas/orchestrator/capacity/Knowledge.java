package pnas.orchestrator.capacity;

import java.util.Map;
import java.util.Set;
import pnas.decision.Decides;
import pnas.orchestrator.trainer.Sign;

/**
 * What is known of trainers besides what the cluster shows.
 *
 * @param busy names of the pods that train, as the database knows it
 * @param signs of life that trainers gave, by the name of their pod
 * @param experience of the process that decides
 */
@Decides
record Knowledge(Set<String> busy, Map<String, Sign> signs, Experience experience) {
    Knowledge {
        busy = Set.copyOf(busy);
        signs = Map.copyOf(signs);
    }
}
