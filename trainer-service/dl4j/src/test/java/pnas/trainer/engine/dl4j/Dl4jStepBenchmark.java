package pnas.trainer.engine.dl4j;

import pnas.trainer.engine.StepBenchmark;
import pnas.trainer.training.NetworkEngine;

/** Steps of this engine, on the CPU. */
class Dl4jStepBenchmark extends StepBenchmark {
    @Override
    protected NetworkEngine engine() {
        return new Dl4jEngine("cpu");
    }
}
