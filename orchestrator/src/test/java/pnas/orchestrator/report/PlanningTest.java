package pnas.orchestrator.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.specification.Drafts;

class PlanningTest {
    @Test
    void the_control_arm_trains_as_many_cells_in_each_stage_as_the_search() {
        List<Plan.Stage> searched = stages("{'preset':'demo'}");
        List<Plan.Stage> drawn = stages("{'preset':'demo','strategy':'random'}");

        assertThat(drawn)
                .extracting(Plan.Stage::trainings)
                .isEqualTo(searched.stream().map(Plan.Stage::trainings).toList());
        assertThat(drawn.getFirst()).isEqualTo(new Plan.Stage(1, 136, true, 136, 0));
        assertThat(drawn.get(1)).isEqualTo(new Plan.Stage(2, 31_620, true, 8, 0));
    }

    @Test
    void samples_are_all_of_the_largest_size() {
        assertThat(stages("{'strategy':'random','samples':50,'blocks':2}"))
                .containsExactly(new Plan.Stage(2, 31_620, true, 50, 0));
        assertThat(stages("{'strategy':'random','samples':50,'blocks':1,'operations':['identity']}"))
                .containsExactly(new Plan.Stage(1, 3, true, 3, 0));
    }

    @Test
    void a_preset_plans_as_many_trainings_as_its_page_says() {
        assertThat(trainings("paper")).isEqualTo(136 + 4 * 256);
        assertThat(trainings("slides")).isEqualTo(264);
        assertThat(trainings("demo")).isEqualTo(152);
        assertThat(Planning.stages(Drafts.preset("demo")))
                .as("five cells and the best of all stages, each under three seeds, to confirm the winner")
                .extracting(Plan.Stage::repeats)
                .containsExactly(0L, 0L, 18L);
        assertThat(Planning.stages(Drafts.preset("paper")).getLast().candidates())
                .isEqualTo(301_056);
    }

    @Test
    void the_second_stage_chooses_from_all_distinct_cells() {
        assertThat(Planning.stages(Drafts.preset("demo")))
                .startsWith(new Plan.Stage(1, 136, true, 136, 0), new Plan.Stage(2, 31_620, false, 8, 0));
    }

    private static long trainings(String preset) {
        return Planning.stages(Drafts.preset(preset)).stream()
                .mapToLong(Plan.Stage::trainings)
                .sum();
    }

    private static List<Plan.Stage> stages(String json) {
        return Planning.stages(Drafts.specification(json));
    }
}
