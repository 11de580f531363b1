package pnas.orchestrator.life.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pnas.message.TrainingProgress.Machine;
import pnas.orchestrator.life.dispatch.DispatchTurn.Answer;
import pnas.orchestrator.life.dispatch.DispatchTurn.Candidate;
import pnas.orchestrator.life.dispatch.DispatchTurn.Decision;
import pnas.orchestrator.life.dispatch.DispatchTurn.Head;
import pnas.orchestrator.life.dispatch.DispatchTurn.Limits;
import pnas.orchestrator.life.dispatch.DispatchTurn.Out;
import pnas.orchestrator.life.dispatch.DispatchTurn.Sharing;

/** What is reused and sent in a turn: {@code dispatch-turn.txt} is the table. */
class DispatchTurnTest {
    private static final Pattern EXPERIMENT = Pattern.compile("([a-z])(?:\\((.*)\\))?:(.*)");
    private static final Pattern TRIAL =
            Pattern.compile("(?<bare>_?)(?<key>[a-z])(?:(?<out>[!*])|(?<seconds>\\d+)(?:x(?<adds>\\d+))?)");
    private static final Pattern RESULT = Pattern.compile("([a-z])@(\\d)(?::(\\d+))?");
    private static final int CASES = 80;

    /** What stands left of an arrow, as a turn is told of it. */
    private static final class Situation {
        private final long unclaimed;
        private final List<Head> heads = new ArrayList<>();
        private final List<Candidate> candidates = new ArrayList<>();
        private final List<Answer> answers = new ArrayList<>();

        Situation(String text) {
            List<String> parts =
                    Arrays.stream(text.split("\\|")).map(String::strip).toList();
            unclaimed = Long.parseLong(parts.getFirst());
            parts.stream().skip(1).filter(part -> !part.startsWith("results:")).forEach(this::experiment);
            parts.stream().filter(part -> part.startsWith("results:")).forEach(this::results);
        }

        Decision decide() {
            return new DispatchTurn(unclaimed, heads).decide(candidates, answers, Set.of(machine("1")));
        }

        private void experiment(String text) {
            Matcher parts = match(EXPERIMENT, text);
            String id = parts.group(1).repeat(8);
            Map<String, String> settings = settings(parts.group(2));
            Set<String> keys = new HashSet<>();
            long dispatched = 0;
            long running = 0;
            for (String word : words(parts.group(3))) {
                Matcher trial = match(TRIAL, word);
                String key = trial.group("bare").isEmpty() ? trial.group("key") : null;
                if (trial.group("out") == null) {
                    candidates.add(new Candidate(
                            id + "-" + trial.group("key"),
                            key,
                            Double.parseDouble(trial.group("seconds")),
                            trial.group("adds") == null ? 0 : Long.parseLong(trial.group("adds"))));
                } else {
                    dispatched += trial.group("out").equals("!") ? 1 : 0;
                    running += trial.group("out").equals("*") ? 1 : 0;
                    if (key != null) {
                        keys.add(key);
                    }
                }
            }
            heads.add(new Head(
                    id,
                    !settings.containsKey("paused"),
                    !settings.containsKey("own"),
                    new Sharing(
                            Integer.parseInt(settings.getOrDefault("priority", "0")),
                            Integer.parseInt(settings.getOrDefault("weight", "1")),
                            Double.parseDouble(settings.getOrDefault("turn", "0"))),
                    new Limits(
                            settings.containsKey("parallel") ? Integer.valueOf(settings.get("parallel")) : null,
                            settings.containsKey("budget") ? Integer.valueOf(settings.get("budget")) : null),
                    Long.parseLong(settings.getOrDefault("granted", "0")),
                    new Out(dispatched, running, keys)));
        }

        private void results(String text) {
            int number = 0;
            for (String word : words(text.substring("results:".length()))) {
                Matcher result = match(RESULT, word);
                String resultId = "r" + ++number;
                Instant finishedAt =
                        Instant.EPOCH.plusSeconds(result.group(3) == null ? 0 : Long.parseLong(result.group(3)));
                candidates.stream()
                        .filter(candidate -> result.group(1).equals(candidate.trainingKey()))
                        .forEach(candidate -> answers.add(
                                new Answer(candidate.trialId(), resultId, machine(result.group(2)), finishedAt)));
            }
        }

        private static Map<String, String> settings(String text) {
            Map<String, String> settings = new HashMap<>();
            for (String word : words(text == null ? "" : text)) {
                String[] parts = word.split("=", 2);
                settings.put(parts[0], parts.length == 1 ? "" : parts[1]);
            }
            return settings;
        }

        private static Machine machine(String name) {
            return new Machine("torch", name, "a processor");
        }

        private static Matcher match(Pattern pattern, String text) {
            Matcher matcher = pattern.matcher(text);
            assertThat(matcher.matches()).as(text).isTrue();
            return matcher;
        }

        private static List<String> words(String text) {
            return Arrays.stream(text.strip().split(" "))
                    .filter(word -> !word.isEmpty())
                    .toList();
        }
    }

    static List<String> cases() throws IOException {
        try (InputStream table =
                Objects.requireNonNull(DispatchTurnTest.class.getResourceAsStream("dispatch-turn.txt"))) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("    "))
                    .map(String::strip)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_table_holds(String line) {
        String[] sides = line.split(" -> ", 2);
        Decision decision = new Situation(sides[0]).decide();
        List<String> done = Stream.concat(
                        decision.reused().stream().map(each -> name(each.trialId()) + "=" + each.resultId()),
                        decision.sent().stream().map(each -> name(each.trialId())))
                .toList();
        assertThat(done.isEmpty() ? "nothing" : String.join(" ", done)).isEqualTo(sides[1]);
    }

    @Test
    void the_table_is_as_long_as_it_was() throws IOException {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(CASES).doesNotHaveDuplicates();
    }

    @Test
    void the_turn_of_an_experiment_is_told_with_all_that_it_sends() {
        assertThat(new Situation("3 | a(weight=2 turn=1): k9 l8 | b(turn=1.5): m9")
                        .decide()
                        .sent())
                .containsExactly(
                        new DispatchTurn.Sent("aaaaaaaa-k", 1.5),
                        new DispatchTurn.Sent("aaaaaaaa-l", 2),
                        new DispatchTurn.Sent("bbbbbbbb-m", 2.5));
    }

    @Test
    void no_more_is_wanted_than_may_be_sent_or_held_back() {
        assertThat(new DispatchTurn(
                                4,
                                new Situation(
                                                "4 | a(parallel=3): k! l9 | b(own): m* n9 | c(paused): o9 | d(budget=1 granted=1): p9")
                                        .heads)
                        .wanted())
                .isEqualTo(Map.of("aaaaaaaa", 2L + 2, "bbbbbbbb", 3L));
        assertThat(new DispatchTurn(1, new Situation("1 | a: k! l9").heads).wanted())
                .isEmpty();
    }

    private static String name(String trialId) {
        return trialId.charAt(0) + trialId.substring(9);
    }
}
