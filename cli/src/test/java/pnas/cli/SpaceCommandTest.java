package pnas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import pnas.cli.platform.ExitStatus;

class SpaceCommandTest {
    @Test
    void counts_ordered_and_distinct_cells() {
        assertThat(CommandRun.of("space", "--blocks", "2"))
                .isEqualTo(new CommandRun(
                        ExitStatus.DONE, "147,456 ordered cells of 2 blocks, 31,620 distinct ones\n", ""));
    }

    @Test
    void prints_json_with_two_numbers() {
        assertThat(CommandRun.of("space", "--blocks", "2", "-o", "json").out()).isEqualTo("""
                        {
                          "ordered" : 147456,
                          "distinct" : 31620
                        }
                        """);
    }

    @Test
    void counts_the_cells_of_a_subset_of_operations() {
        // One operation: the inputs (c-1, c-1), (c-1, c-2), (c-2, c-1), (c-2, c-2), of which the middle two are one
        // cell.
        assertThat(CommandRun.of("space", "--blocks", "1", "--operations", "identity")
                        .out())
                .startsWith("4 ordered cells of 1 block, 3 distinct ones");
    }

    @Test
    void refuses_an_unknown_operation_and_lists_the_known_ones() {
        CommandRun run = CommandRun.of("space", "--blocks", "2", "--operations", "sep3x3,sep9x9");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("--operations", "one of sep3x3, sep5x5", "got 'sep9x9'");
    }

    @Test
    void refuses_a_number_of_blocks_outside_of_1_to_5() {
        for (String blocks : new String[] {"0", "6"}) {
            CommandRun run = CommandRun.of("space", "--blocks", blocks);

            assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
            assertThat(run.err()).contains("blocks", "got " + blocks);
        }
    }
}
