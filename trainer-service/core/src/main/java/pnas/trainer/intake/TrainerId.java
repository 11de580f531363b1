package pnas.trainer.intake;

import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Who this trainer is. */
@Singleton
final class TrainerId {
    private final String text;

    TrainerId(TrainerConfiguration configuration) {
        this.text = configuration
                .worker()
                .orElseGet(() -> host() + "-" + ProcessHandle.current().pid());
    }

    /** The id in messages. */
    String text() {
        return text;
    }

    /** Name of this machine. */
    static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown-host"; // A machine may have a name that it cannot look up itself.
        }
    }
}
