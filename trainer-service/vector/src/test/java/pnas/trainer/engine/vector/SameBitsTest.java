package pnas.trainer.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.cell.Cell;
import pnas.message.TrainingSettings.Optimizer;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.trainer.tensor.Tensor;

/** A training has the same bits whatever vectors its processor has, and whether or not its code is compiled yet. */
@Tag("slow")
class SameBitsTest {
    private static final int STEPS = 10;

    @Test
    void ten_steps_have_the_same_bits_with_vectors_of_256_and_of_512_bits(@TempDir Path directory) throws Exception {
        List<String> narrow = train(directory.resolve("narrow"), "-XX:UseAVX=2");
        List<String> wide = train(directory.resolve("wide"), "-XX:UseAVX=3");

        assertThat(narrow).hasSizeGreaterThan(3);
        assertThat(narrow.getFirst()).isEqualTo("vectors of 8");
        if (Lanes.LENGTH == 16) { // Else this processor has none, and UseAVX=3 means what it has.
            assertThat(wide.getFirst()).isEqualTo("vectors of 16");
        }
        assertThat(wide.subList(1, wide.size())).isEqualTo(narrow.subList(1, narrow.size()));
    }

    private static List<String> train(Path output, String vectors) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(ServiceSettings.java(vectors, SameBitsTest.class.getName()))
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(240, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isZero();
        return Files.readAllLines(output);
    }

    /** Trains networks in which every operation is at every stride, on odd and on even images, and tells the digests of what came out. */
    public static void main(String[] arguments) {
        System.out.println("vectors of " + Lanes.LENGTH);
        Cell cell = Cell.parse("sep3x3(c-1)+sep5x5(c-2) | sep7x7(c-1)+conv1x7_7x1(c-2) | identity(c-1)+avg3x3(c-2)"
                + " | max3x3(c-1)+dil3x3(c-2) | sep3x3(b1)+identity(b2)");
        train(cell, new Layout(Layout.Kind.CIFAR, 1, 8), new ImageShape(8, 8, 1), Optimizer.SGD, 32);
        train(cell, new Layout(Layout.Kind.SLIDES, 1, 5), new ImageShape(13, 11, 3), Optimizer.ADAM, 7);
        train(cell, new Layout(Layout.Kind.IMAGENET, 1, 12), new ImageShape(40, 32, 3), Optimizer.RMSPROP, 3);
    }

    private static void train(Cell cell, Layout layout, ImageShape image, Optimizer optimizer, int batch) {
        Network network = NetworkBuilder.build(cell, layout, image, 10, 0.2);
        try (VectorNetwork trained = VectorNetwork.create(network, Networks.settings(optimizer, batch, 0.1), 1)) {
            for (int step = 0; step < STEPS; step++) {
                trained.step(Networks.noise(step, batch, image, 10), 0.01);
            }
            System.out.println(layout + " " + Double.toHexString(trained.takeLoss()) + " "
                    + trained.countCorrect(Networks.noise(99, 50, image, 10)) + " " + digest(trained));
        }
    }

    private static String digest(VectorNetwork trained) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Tensor tensor : trained.weights().all().values()) {
                ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * tensor.values().length);
                bytes.asFloatBuffer().put(tensor.values());
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
