package pnas.orchestrator.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The trainers that announced themselves. */
@ApplicationScoped
public class Workers {
    /** All trainers, those that were heard last first. */
    public List<WorkerView> list() {
        throw new UnsupportedOperationException();
    }
}
