package pnas.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The number of trainers and the order of their results change nothing of what a search finds. */
class DeterminismTest {
    @Test
    void one_trainer_and_four_find_the_same_to_the_last_bit() throws Exception {
        Search.Findings alone;
        try (RunningPlatform platform = RunningPlatform.start(1)) {
            alone = search(platform);
        }
        try (RunningPlatform platform = RunningPlatform.start(4)) {
            assertThat(search(platform)).isEqualTo(alone);
        }
    }

    /** Three cells of one block, then the best two of two blocks, each trained on digits by libtorch. */
    private static Search.Findings search(RunningPlatform platform) throws Exception {
        Search.Findings findings = Search.submit(platform.rest(), """
                        {"dataset": "digits", "operations": ["sep3x3"], "blocks": 2, "beam": 2, "filters": 4, "seed": 7, "reuse": false,
                         "training": {"epochs": 1, "batchSize": 64, "learningRate": 0.05}}""").awaitCompletion();
        assertThat(findings.cells())
                .hasSize(3 + 2)
                .allSatisfy(cell -> assertThat(cell.accuracy()).isNotEqualTo("null"));
        return findings;
    }
}
