package pnas.orchestrator.specification;

import com.fasterxml.jackson.annotation.JsonValue;

/** How cells are chosen. */
public sealed interface Strategy {
    /** What JSON calls it. */
    @JsonValue
    String text();

    /** Each stage trains those that a predictor ranks first. */
    record Progressive() implements Strategy {
        @Override
        public String text() {
            return "progressive";
        }
    }

    /** The control arm: the same stages, whose cells chance chooses. */
    record RandomStages() implements Strategy {
        @Override
        public String text() {
            return "random";
        }
    }

    /**
     * One stage, with cells of all blocks that chance draws.
     *
     * @param samples so many cells
     */
    record RandomCells(int samples) implements Strategy {
        public RandomCells {
            if (samples < 1) {
                throw new IllegalArgumentException("samples must be positive, got " + samples);
            }
        }

        @Override
        public String text() {
            return "random";
        }
    }
}
