package pnas.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The simulation looks at what it shall: whatever is broken in the protocol, it sees. It plays schedules around each broken product, which takes minutes, so it is
 * no part of the suite: {@code ./pnas test --mutants}.
 */
class MutantsProof {
    private static final int LEAST = 20;
    private static final long SEEDS = 400;
    /** Characters of what is told of each. */
    private static final int MOST = 200;

    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("pnas.root")));

    @Test
    void catches_every_fault_of_the_protocol() {
        List<String> surviving = Mutants.ALL.parallelStream()
                .filter(mutant -> !isCaught(mutant))
                .map(Mutant::name)
                .toList();

        assertThat(surviving).isEmpty();
        assertThat(Mutants.ALL).hasSizeGreaterThanOrEqualTo(LEAST);
    }

    private static boolean isCaught(Mutant mutant) {
        try {
            LongFunction<@Nullable String> play = mutant.play(ROOT);
            for (long seed = mutant.seed(); seed < mutant.seed() + SEEDS; seed++) {
                String broken = play.apply(seed);
                if (broken != null) {
                    System.out.println(mutant.name() + ": caught by seed " + seed + ": "
                            + broken.substring(0, Math.min(MOST, broken.length())));
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
