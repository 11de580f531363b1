package pnas.trainer.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;

class NativeWorkTest {
    private static final long MORE_THAN_ANY_MACHINE_HAS = 1L << 50;

    @BeforeEach
    void start() {
        TorchRuntime.start();
    }

    @Test
    void memory_that_libtorch_is_refused_is_out_of_memory() {
        assertThatThrownBy(() -> NativeWork.run(() -> torch.empty(MORE_THAN_ANY_MACHINE_HAS)))
                .isInstanceOfSatisfying(PnasException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
                    assertThat(e).hasMessageContaining("memory").hasMessageNotContaining("\n");
                });
    }

    @Test
    void memory_that_javacpp_is_refused_is_out_of_memory() {
        assertThatThrownBy(() -> NativeWork.run(() -> new FloatPointer(MORE_THAN_ANY_MACHINE_HAS)))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY));
    }

    @Test
    void any_other_failure_is_the_engines_and_keeps_the_first_line_of_its_text() {
        assertThatThrownBy(() -> NativeWork.run(() -> torch.ones(2, 3).matmul(torch.ones(2, 3))))
                .isInstanceOfSatisfying(PnasException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_FAILURE);
                    assertThat(e).hasMessage("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)");
                });
    }

    @Test
    void handles_are_freed_with_the_scope_also_when_the_work_fails() {
        Tensor[] made = new Tensor[2];
        NativeWork.run(() -> made[0] = torch.ones(3));
        assertThatThrownBy(() -> NativeWork.run(() -> {
                    made[1] = torch.ones(3);
                    throw new IllegalStateException("a failure");
                }))
                .isInstanceOf(PnasException.class);

        assertThat(made[0].isNull()).isTrue();
        assertThat(made[1].isNull()).isTrue();
    }
}
