package pnas.orchestrator.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlanningTest {
    @Test
    void the_control_arm_trains_as_many_cells_in_each_stage_as_the_search() {
        Plan searched = plan("{'preset':'demo'}");
        Plan drawn = plan("{'preset':'demo','strategy':'random'}");

        assertThat(drawn.trainings()).isEqualTo(searched.trainings());
        assertThat(drawn.stages().getFirst()).isEqualTo(new Plan.Stage(1, 136, true, 136));
        assertThat(drawn.stages().get(1)).isEqualTo(new Plan.Stage(2, 31_620, true, 8));
    }

    @Test
    void samples_are_all_of_the_largest_size() {
        assertThat(plan("{'strategy':'random','samples':50,'blocks':2}").stages())
                .containsExactly(new Plan.Stage(2, 31_620, true, 50));
        assertThat(plan("{'strategy':'random','samples':50,'blocks':1,'operations':['identity']}")
                        .stages())
                .containsExactly(new Plan.Stage(1, 3, true, 3));
    }

    private static Plan plan(String json) {
        return Planning.plan(DraftReader.read(Drafts.draft(json), Drafts.DIGITS));
    }
}
