package pnas.trainer.engine.torch;

import pnas.trainer.engine.StepBenchmark;
import pnas.trainer.training.NetworkEngine;

/** Steps of this engine, on the CPU. */
class TorchStepBenchmark extends StepBenchmark {
    @Override
    protected NetworkEngine engine() {
        return new TorchEngine("cpu");
    }
}
