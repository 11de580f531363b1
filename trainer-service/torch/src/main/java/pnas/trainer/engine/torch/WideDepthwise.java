package pnas.trainer.engine.torch;

import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Depthwise convolutions with more than three columns, on a CPU. oneDNN's kernel for the gradient of depthwise weights has at most three columns
 * ({@code jcp.kw <= 3} in its {@code jit_uni_dw_conv_kernel_utils.hpp}); wider ones fall to a kernel for groups of 16 by 16 channels, of which one
 * in 256 products is used. In strips of three columns that gradient takes a third to a half of the time (docs/benchmarks.md).
 */
final class WideDepthwise {
    /** Columns of a strip: the most that oneDNN's kernel takes. */
    static final int STRIP = 3;

    /**
     * The numbers of one convolution.
     *
     * @param channels of the input and of the output
     * @param kernel rows and columns of the kernel, odd
     * @param stride down and across
     */
    record Geometry(int channels, int kernel, int stride) {
        int padding() {
            return kernel / 2;
        }

        /** oneDNN wants a padding of several rows to be a multiple of the stride; another one is laid out in memory. */
        private int rowsLaidOut() {
            return padding() % stride == 0 ? 0 : padding();
        }
    }

    private WideDepthwise() {}

    /**
     * The gradient (C, 1, K, K) of the weight. The input is laid out with its left padding only: rows follow each other, so that the left padding
     * of the next row is the right padding of this one. A strip that starts at column c reads the same memory from c pixels further on.
     *
     * @param outputGradient (N, C, ⌈H/s⌉, ⌈W/s⌉)
     */
    static Tensor gradient(Geometry geometry, Tensor input, Tensor outputGradient) {
        long channels = geometry.channels;
        long stride = geometry.stride;
        long images = input.size(0);
        long rows = input.size(2) + 2L * geometry.rowsLaidOut();
        long columns = input.size(3) + geometry.padding();
        long[] shape = {images, channels, rows, columns};
        long[] strides = {rows * columns * channels, 1, columns * channels, channels};
        Tensor memory = torch.empty(
                new long[] {(images * rows * columns + geometry.kernel) * channels},
                outputGradient.options(),
                new MemoryFormatOptional());
        Tensor padded = memory.as_strided(shape, strides, new LongOptional(0));
        padded.narrow(2, 0, geometry.rowsLaidOut()).zero_();
        padded.narrow(2, rows - geometry.rowsLaidOut(), geometry.rowsLaidOut()).zero_();
        Tensor filled = padded.narrow(2, geometry.rowsLaidOut(), input.size(2));
        filled.narrow(3, 0, geometry.padding()).zero_();
        filled.narrow(3, geometry.padding(), input.size(3)).copy_(input);
        memory.narrow(0, images * rows * columns * channels, geometry.kernel * channels)
                .zero_();
        // What a strip computes beyond the last column of the output is multiplied by zero.
        long beyond = (columns - STRIP) / stride + 1 - outputGradient.size(3);
        Tensor wide = beyond == 0
                ? outputGradient.contiguous(torch.MemoryFormat.ChannelsLast)
                : withColumnsOfZeros(outputGradient, beyond);
        Tensor weight = torch.zeros(new long[] {channels, 1, geometry.kernel, STRIP}, outputGradient.options());
        TensorVector strips = new TensorVector();
        for (long first = 0; first < geometry.kernel; first += STRIP) {
            strips.push_back(torch.convolution_backward(
                            wide,
                            memory.as_strided(shape, strides, new LongOptional(first * channels)),
                            weight,
                            new LongArrayRefOptional(),
                            new long[] {stride, stride},
                            new long[] {geometry.padding() - geometry.rowsLaidOut(), 0},
                            new long[] {1, 1},
                            false,
                            new long[] {0, 0},
                            channels,
                            new BoolPointer(3).put(0, false).put(1, true).put(2, false))
                    .get1());
        }
        return torch.cat(strips, 3).narrow(3, 0, geometry.kernel).contiguous(torch.MemoryFormat.ChannelsLast);
    }

    private static Tensor withColumnsOfZeros(Tensor map, long count) {
        long columns = map.size(3);
        Tensor wide = torch.empty(
                new long[] {map.size(0), map.size(1), map.size(2), columns + count},
                map.options(),
                new MemoryFormatOptional(torch.MemoryFormat.ChannelsLast));
        wide.narrow(3, columns, count).zero_();
        wide.narrow(3, 0, columns).copy_(map);
        return wide;
    }
}
