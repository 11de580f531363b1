package pnas.orchestrator.life;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.life.Trial.Lease;
import pnas.orchestrator.life.Trial.Tries;

/** Everything that follows from a message or an order, in words: what is not said did not happen. */
final class Said {
    private Said() {}

    static String of(TrialLife before, TrialEffects effects) {
        StringJoiner words = new StringJoiner(" ").setEmptyValue("nothing");
        trial(before.trial(), effects.life().trial(), words);
        attempts(before.attempts(), effects.life().attempts(), words);
        effects.epochs().forEach(epoch -> words.add("epoch"));
        effects.events().forEach(event -> words.add("!" + event.type().replace("trial.", "")));
        effects.stops()
                .forEach(stop -> words.add("stop-" + Lives.letter(stop.attempt().token())));
        if (effects.over()) {
            words.add("over");
        }
        if (effects.roomToDispatch()) {
            words.add("room");
        }
        return words.toString();
    }

    private static void trial(Trial before, Trial after, StringJoiner words) {
        if (after.state() != before.state()) {
            words.add(after.state().name());
        }
        Tries tries = after.tries();
        if (tries.attempt() != before.tries().attempt()) {
            words.add("attempt=" + tries.attempt());
        }
        if (tries.failures() != before.tries().failures()) {
            words.add("failures=" + tries.failures());
        }
        if (tries.halfBatch() != before.tries().halfBatch()) {
            words.add("half");
        }
        if (after.setAside() != before.setAside()) {
            words.add(after.setAside() ? "aside" : "chosen");
        }
        lease(before.lease(), after.lease(), words);
    }

    private static void lease(@Nullable Lease before, @Nullable Lease after, StringJoiner words) {
        if (after == null || after.equals(before)) {
            return;
        }
        boolean same = before != null && before.token().equals(after.token());
        words.add(same ? "extended" : "lease=" + Lives.letter(after.token()));
    }

    private static void attempts(List<Attempt> before, List<Attempt> after, StringJoiner words) {
        Map<Attempt.Key, Attempt> known = new HashMap<>();
        before.forEach(attempt -> known.put(attempt.key(), attempt));
        for (Attempt attempt : after) {
            Attempt former = known.get(attempt.key());
            char letter = Lives.letter(attempt.ref().token());
            if (former == null) {
                words.add((attempt.granted() ? "+" : "free+") + letter);
            }
            Attempt.End end = attempt.end();
            if (end != null && (former == null || !Objects.equals(former.end(), end))) {
                words.add(letter + ":" + end.outcome().text());
            } else if (former != null && !former.equals(attempt)) {
                words.add(letter + "~");
            }
        }
    }
}
