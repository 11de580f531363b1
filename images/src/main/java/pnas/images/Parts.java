package pnas.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import pnas.process.Program;

/**
 * What an image has beside the packaged application, made for it in a folder.
 *
 * @param folder an empty one
 */
record Parts(Path folder) {
    /** Where the jars for JavaCPP have their libraries. Other jars load theirs in ways of their own. */
    private static final Pattern LIBRARY =
            Pattern.compile("org/(bytedeco|nd4j)/.+/linux-x86_64(-[a-z0-9]+)?/[^/]+\\.so[.0-9]*");

    /** The native libraries, each in the folder that it has in its jar. */
    Path natives() {
        return folder.resolve("natives");
    }

    /** The jars that had native libraries, under their names, without them. */
    Path jars() {
        return folder.resolve("jars");
    }

    /** The jar that an image gets in place of one: without its native libraries, where it had any. */
    Path inPlaceOf(Path jar) {
        Path without = jars().resolve(jar.getFileName());
        return Files.exists(without) ? without : jar;
    }

    /** A Java runtime, for a base that has none. */
    Path java() {
        return folder.resolve("java");
    }

    /**
     * Takes the native libraries out of jars, by which they are unpacked once and not at each start. Loads none of them: those for GPUs cannot
     * be loaded where the image is built.
     *
     * @throws IOException where a jar cannot be read, or none has such a library
     */
    void takeNatives(Path libraries) throws IOException {
        Files.createDirectories(jars());
        try (DirectoryStream<Path> all = Files.newDirectoryStream(libraries, "*.jar")) {
            for (Path jar : all) {
                try (ZipFile content = new ZipFile(jar.toFile())) {
                    List<? extends ZipEntry> entries = content.stream().toList();
                    if (entries.stream().anyMatch(Parts::isLibrary)) {
                        split(content, entries, jars().resolve(jar.getFileName()));
                    }
                }
            }
        }
        if (!Files.exists(natives())) {
            throw new IOException("no jar in " + libraries + " has native libraries for Linux on x86-64");
        }
    }

    private void split(ZipFile content, List<? extends ZipEntry> entries, Path rest) throws IOException {
        try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(rest))) {
            for (ZipEntry entry : entries) {
                try (InputStream bytes = content.getInputStream(entry)) {
                    if (isLibrary(entry)) {
                        unpack(entry.getName(), bytes);
                    } else {
                        jar.putNextEntry(new ZipEntry(entry));
                        bytes.transferTo(jar);
                    }
                }
            }
        }
    }

    private void unpack(String name, InputStream bytes) throws IOException {
        Path file = natives().resolve(name).normalize();
        if (!file.startsWith(natives())) {
            throw new IOException("a jar has an entry that leads out of it: " + name);
        }
        Files.createDirectories(file.getParent());
        Files.copy(bytes, file);
        if (file.endsWith("libopenblas.so.0")) {
            // The binding without LAPACK is linked with the same library by another name.
            Files.copy(file, file.resolveSibling("libopenblas_nolapack.so.0"));
        }
    }

    private static boolean isLibrary(ZipEntry entry) {
        return LIBRARY.matcher(entry.getName()).matches();
    }

    /** Cuts a Java runtime from the JDK that runs this, by the script that the base image is made with as well. */
    void makeJava(Path script) throws IOException, InterruptedException {
        Process process = Program.of("bash", script.toString(), java().toString())
                .with(Map.of("JAVA_HOME", System.getProperty("java.home")))
                .start(new Program.Errors.Shown());
        if (process.waitFor() != 0) {
            throw new IOException("no Java runtime could be made by " + script);
        }
    }
}
