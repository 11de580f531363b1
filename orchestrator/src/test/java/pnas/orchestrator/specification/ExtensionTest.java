package pnas.orchestrator.specification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.failure.PnasException;
import pnas.message.DataSet;
import pnas.message.Messages;
import pnas.network.ImageShape;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.Spent;

class ExtensionTest {
    private static final Spent SPENT = new Spent(10, 0, 30, 40);

    @Test
    void raises_what_is_given_and_keeps_the_rest() {
        Specification present = read("{'blocks':2,'beam':4,'seed':9,'budget':{'trainings':10}}");

        Specification extended =
                extend(present, "{'blocks':4,'beam':6,'budget':{'trainings':50}}", ExperimentState.STOPPED);

        assertThat(extended).isEqualTo(read("{'blocks':4,'beam':6,'seed':9,'budget':{'trainings':50}}"));
        assertThat(extend(present, "{'budget':{'trainings':11}}", ExperimentState.STOPPED))
                .isEqualTo(read("{'blocks':2,'beam':4,'seed':9,'budget':{'trainings':11}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    {'blocks':2};                                {'blocks':2};                   blocks;    must be more than the present 2 and at most 5, got 2
                    {'blocks':2};                                {'blocks':6};                   blocks;    must be more than the present 2 and at most 5, got 6
                    {'beam':8};                                  {'beam':7};                     beam;      must be more than the present 8 and at most 4096, got 7
                    {'beam':8};                                  {'samples':7};                  samples;   are not drawn by this experiment; raise beam or blocks
                    {'strategy':'random','samples':8};           {'samples':8};                  samples;   must be more than the present 8
                    {'strategy':'random','samples':8};           {'blocks':4};                   blocks;    cannot be raised where samples are drawn
                    {'strategy':'random','samples':8};           {'beam':9};                     beam;      is not used where samples are drawn
                    {};                                          {'budget':{'trainings':9}};     budget.trainings;        has no limit that could be raised, got 9
                    {'budget':{'trainerSeconds':9}};             {'budget':{'trainerSeconds':0}}; budget.trainerSeconds;  must be more than the present 9
                    {'budget':{'trainings':5}};                  {'blocks':4};                   budget.trainings;        of 5 is spent already: raise it, too
                    {'budget':{'wallClockSeconds':9}};           {'budget':{'wallClockSeconds':20}}; budget.wallClockSeconds; of 20.0 is spent already: raise it, too
                    {};                                          {};                             budget;    or blocks, beam or samples must be raised, got nothing
                    """)
    void rejects_what_is_no_raise(String present, String extension, String field, String message) {
        PnasException refusal = catchThrowableOfType(
                PnasException.class, () -> extend(read(present), extension, ExperimentState.STOPPED));

        assertThat(refusal.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo(field);
            assertThat(problem.message()).contains(message);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    {'budget':{'trainings':50}};              {'budget':{'trainings':60}}
                    {'blocks':1};                             {'beam':9}
                    """)
    void rejects_what_gives_a_completed_search_nothing_to_do(String present, String extension) {
        PnasException refusal = catchThrowableOfType(
                PnasException.class, () -> extend(read(present), extension, ExperimentState.COMPLETED));

        assertThat(refusal.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.field()).isEqualTo("blocks"));
    }

    @Test
    void rejects_blocks_whose_concatenation_overflows_an_index() {
        Specification small = read("{'blocks':3,'filters':512,'repetitions':1,'training':{'batchSize':1}}");
        DataSet digits = small.dataSet();
        DataSet large =
                new DataSet(digits.name(), digits.contentHash(), new ImageShape(1024, 1024, 3), 10, 1200, 297, 300, 0);
        Specification present = new Specification(
                small.title(),
                large,
                small.search(),
                small.network(),
                small.training(),
                small.ranking(),
                small.execution(),
                small.share(),
                small.budget(),
                small.seed());

        PnasException refusal = catchThrowableOfType(
                PnasException.class, () -> extend(present, "{'blocks':5}", ExperimentState.COMPLETED));

        assertThat(refusal.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo("blocks");
            assertThat(problem.message()).contains("5 blocks of 512 filters make one of 1024x1024x2560");
        });
    }

    private static Specification read(String json) {
        return Drafts.draft(json).read(Drafts.DIGITS, Drafts.NO_TRAINERS);
    }

    private static Specification extend(Specification present, String json, ExperimentState state) {
        Extension extension =
                Messages.decode(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Extension.class);
        return extension.of(present, state == ExperimentState.COMPLETED, SPENT::reaching);
    }
}
