package pnas.orchestrator.timing;

/**
 * Where and how trainings run: those of one place differ in nothing but their size and chance.
 *
 * @param engine what trains
 * @param device the kind of device
 * @param settings threads and precision, or anything else that makes a training quick or slow
 */
public record TrainingPlace(String engine, String device, String settings) {}
