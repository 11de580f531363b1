package pnas.dataset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Files in the binary layout of CIFAR-10, small ones, with made-up images. */
final class CifarFiles {
    static final int RECORD = 3073;
    static final String LABELS = "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n";

    private CifarFiles() {}

    /** Records whose classes go from 0 to 9 again and again. */
    static byte[] batch(int records, long seed) {
        byte[] batch = new byte[records * RECORD];
        new Random(seed).nextBytes(batch);
        for (int record = 0; record < records; record++) {
            batch[record * RECORD] = (byte) (record % 10);
        }
        return batch;
    }

    static byte[] labels() {
        return LABELS.getBytes(StandardCharsets.US_ASCII);
    }

    /** An archive of these files in the folder {@code cifar-10-batches-bin}, in the order of the map. */
    static byte[] archive(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(files, bytes);
        return bytes.toByteArray();
    }

    /** Puts the archive where a folder of data expects it. */
    static void pack(Path data, Map<String, byte[]> files) throws IOException {
        try (OutputStream file = Files.newOutputStream(data.resolve("cifar10"))) {
            write(files, file);
        }
    }

    private static void write(Map<String, byte[]> files, OutputStream to) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(to))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry("cifar-10-batches-bin/" + file.getKey());
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
    }

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }
}
