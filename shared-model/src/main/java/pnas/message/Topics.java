package pnas.message;

import java.util.List;
import java.util.stream.Stream;
import pnas.engine.Engine;

/** The names of all Kafka topics and groups, without the {@link TopicPrefix} of an installation. */
public final class Topics {
    /** {@link TrainingProgress}, keyed by trial id. */
    public static final String PROGRESS = "pnas.progress";
    /** {@link TrainerEvent}, keyed by worker id. */
    public static final String WORKERS = "pnas.workers";
    /** {@link ControlCommand}; one partition, read by every trainer and predictor from its end. */
    public static final String CONTROL = "pnas.control";
    /** {@link RankingRequest}, keyed by experiment id. */
    public static final String CANDIDATES = "pnas.candidates";
    /** {@link RankingMessage}, keyed by experiment id. */
    public static final String RANKINGS = "pnas.rankings";

    private Topics() {}

    /** {@link TrainingJob}s of one engine; one partition, read through the share group {@link #trainersOf}. */
    public static String jobs(String engine) {
        return "pnas.jobs." + Engine.parse(engine).text();
    }

    /** The share group through which all trainers of an engine take their jobs. */
    public static String trainersOf(String engine) {
        return "pnas.trainers." + Engine.parse(engine).text();
    }

    /** Where records of a topic go that nobody could read. */
    public static String deadLetters(String topic) {
        return "dlq." + topic;
    }

    /** Every topic that the platform needs, dead letters included. */
    public static List<String> all() {
        List<String> read = Stream.concat(
                        Engine.texts().stream().map(Topics::jobs), Stream.of(PROGRESS, WORKERS, CANDIDATES, RANKINGS))
                .toList();
        return Stream.of(read.stream(), Stream.of(CONTROL), read.stream().map(Topics::deadLetters))
                .flatMap(names -> names)
                .toList();
    }
}
