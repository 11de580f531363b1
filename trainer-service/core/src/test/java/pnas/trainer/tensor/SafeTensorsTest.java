package pnas.trainer.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTensorsTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void reads_what_it_wrote() throws IOException {
        float[] large = new float[300_000]; // More than is moved at once.
        for (int i = 0; i < large.length; i++) {
            large[i] = i / 7f;
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("b \"ü\"", new Tensor(List.of(3, 100_000), large));
        tensors.put(
                "a", new Tensor(List.of(2, 2), new float[] {-0f, Float.NaN, Float.NEGATIVE_INFINITY, Float.MIN_VALUE}));
        tensors.put("single", new Tensor(List.of(), new float[] {5}));
        tensors.put("none", new Tensor(List.of(0, 4), new float[0]));
        SafeTensors written = new SafeTensors(Map.of("text", "of any kind\n"), tensors);

        written.write(file());

        SafeTensors read = SafeTensors.read(file());
        assertThat(read).isEqualTo(written);
        assertThat(read.tensors().keySet()).containsExactly("b \"ü\"", "a", "single", "none");
    }

    @Test
    void writes_the_published_format() throws IOException {
        new SafeTensors(Map.of(), Map.of("w", new Tensor(List.of(2), new float[] {1, -2}))).write(file());

        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file())).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) bytes.getLong();
        assertThat(length % 8).isZero();
        byte[] header = new byte[length];
        bytes.get(header);
        assertThat(new String(header, StandardCharsets.UTF_8).strip())
                .isEqualTo("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}");
        assertThat(bytes.getFloat()).isEqualTo(1f);
        assertThat(bytes.getFloat()).isEqualTo(-2f);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void never_writes_over_a_file() throws IOException {
        Files.createFile(file());
        assertThatThrownBy(() -> new SafeTensors(Map.of(), Map.of()).write(file()))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}; 12; must begin at 8
            {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}; 12; must begin at 4
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}; 4; take 8 bytes, but it holds 4
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}; 12; take 8 bytes, but it holds 12
            {"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}; 4; must have the dtype F32, got "F16"
            {"a":{"shape":[2],"data_offsets":[0,8]}}; 8; must have the dtype F32
            {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}; 8; of shape [3] cannot have 8 bytes
            {"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}; 8; must have whole numbers in shape, got -2
            {"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}; 8; must have whole numbers in shape, got 2.0
            {"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}; 8; must have an array shape
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}; 8; must have a first and a last offset, got [8, 0]
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,16]}}; 8; must have a first and a last offset
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}}; 8; whole numbers in data_offsets
            {"a":{"dtype":"F32","shape":[65536,65536,65536,65536],"data_offsets":[0,0]}}; 0; cannot have 0 bytes
            {"a":{"dtype":"F32","shape":[2147483647,2],"data_offsets":[0,17179869176]}}; 8; cannot have 17179869176 bytes
            {"a":{"dtype":"F32","shape":[4000000000],"data_offsets":[0,16000000000]}}; 8; too long: 4000000000
            {"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}; 0; Duplicate
            {"__metadata__":{"a":1}}; 0; must hold texts only
            {"__metadata__":[]}; 0; must be an object of texts
            {"a":5}; 0; must have the dtype F32
            []; 0; must be a JSON object
            {; 0; no safetensors file that can be read
            {} {}; 0; no safetensors file that can be read
            """)
    void refuses_a_header_that_lies(String header, int dataLength, String message) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        write(text.length, text, dataLength);

        assertThatThrownBy(() -> SafeTensors.read(file()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 1L << 40, Long.MAX_VALUE, -1})
    void refuses_a_header_longer_than_the_file(long length) throws IOException {
        write(length, "{}".getBytes(StandardCharsets.UTF_8), 0);

        assertThatThrownBy(() -> SafeTensors.read(file()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("its header must have at most 2 bytes, got " + Long.toUnsignedString(length));
    }

    @Test
    void refuses_every_truncation() throws IOException {
        new SafeTensors(Map.of("a", "b"), Map.of("w", new Tensor(List.of(2), new float[] {1, -2}))).write(file());
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SafeTensors.read(file())).isInstanceOf(IOException.class);
        }
    }

    @Test
    void refuses_a_header_nested_without_end() throws IOException {
        byte[] text = "{\"a\":".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        write(text.length, text, 0);

        assertThatThrownBy(() -> SafeTensors.read(file())).isInstanceOf(IOException.class);
    }

    private void write(long headerLength, byte[] header, int dataLength) throws IOException {
        Files.write(
                file(),
                ByteBuffer.allocate(Long.BYTES + header.length + dataLength)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(headerLength)
                        .put(header)
                        .array());
    }

    private Path file() {
        return directory.resolve("file.safetensors");
    }
}
