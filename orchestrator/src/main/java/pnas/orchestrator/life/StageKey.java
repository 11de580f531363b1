package pnas.orchestrator.life;

/** Names a stage of an experiment. */
public record StageKey(String experimentId, int stage) {}
