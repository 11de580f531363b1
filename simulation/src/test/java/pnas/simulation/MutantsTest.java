package pnas.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults of the protocol are written for the product as it is. */
class MutantsTest {
    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("pnas.root")));

    static Stream<Mutant> mutants() {
        return Mutants.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void the_text_that_is_replaced_stands_there_once(Mutant mutant) throws IOException {
        assertThat(mutant.source(ROOT)).contains(mutant.replacement()).doesNotContain(mutant.text());
    }
}
