package pnas.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pnas.network.ImageShape;

/**
 * A folder of images: one folder for each class, with PNG and JPEG files in it, all scaled to one shape. Classes and images are in the order of their
 * names; what is hidden is left out, and so are files beside the folders of the classes.
 */
final class ClassFolders implements ImageSource {
    private static final int MOST_CLASSES = 256;
    private static final int MOST_NAMED = 5;
    private static final int MOST_SIDE = 1024;
    private static final long MOST_BYTES = 4L << 30;
    /** One image in this many belongs to the test part, and as many to the validation part. */
    private static final int PART = 10;

    private final Path folder;
    private final ImageShape image;

    /** @param image what every image is scaled to */
    ClassFolders(Path folder, ImageShape image) {
        if (Math.max(image.height(), image.width()) > MOST_SIDE || (image.channels() != 1 && image.channels() != 3)) {
            throw new IllegalArgumentException(
                    "must be at most " + MOST_SIDE + "x" + MOST_SIDE + " with 1 or 3 channels, got " + image);
        }
        this.folder = folder;
        this.image = image;
    }

    @Override
    public int brightest() {
        return 255;
    }

    @Override
    public String fingerprint() throws IOException {
        List<String> files = new ArrayList<>();
        for (Path label : classes()) {
            for (Path file : visible(label)) {
                files.add(SourceFile.fingerprint(file));
            }
        }
        return String.join("\n", files);
    }

    @Override
    public Contents read(ImageSink sink) throws IOException {
        List<Path> classes = classes();
        if (classes.size() < 2 || classes.size() > MOST_CLASSES) {
            throw SourceFile.unreadable(
                    folder.getFileName().toString(),
                    "expected a folder for each class, 2 to " + MOST_CLASSES + " of them, got " + classes.size());
        }
        requireImages(classes);
        for (int label = 0; label < classes.size(); label++) {
            List<Path> files = visible(classes.get(label));
            if (files.isEmpty()) {
                throw SourceFile.unreadable(name(classes.get(label)), "this class has no image");
            }
            if ((sink.size() + (long) files.size()) * image.area() * image.channels() > MOST_BYTES) {
                throw SourceFile.unreadable(
                        folder.getFileName().toString(),
                        "the images have more than " + MOST_BYTES + " bytes at " + image + ": choose a smaller image");
            }
            for (Path file : files) {
                sink.take(label, ImageFile.read(file, name(file), image));
            }
        }
        int part = sink.size() / PART;
        return new Contents(sink.contentHash(), image, classes.size(), sink.size(), part, false, Math.max(1, part));
    }

    /** Names a folder of each class that has one where an image should be, as data have that lie in parts. */
    private void requireImages(List<Path> classes) throws IOException {
        List<String> nested = new ArrayList<>();
        for (Path label : classes) {
            visible(label).stream()
                    .filter(Files::isDirectory)
                    .findFirst()
                    .map(this::name)
                    .ifPresent(nested::add);
        }
        if (!nested.isEmpty()) {
            throw SourceFile.unreadable(
                    nested.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")),
                    "a folder where an image should be, expected " + folder.getFileName() + "/CLASS/IMAGE");
        }
    }

    private List<Path> classes() throws IOException {
        return visible(folder).stream().filter(Files::isDirectory).toList();
    }

    private List<Path> visible(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .map(entry -> SourceFile.inside(folder, entry))
                    .sorted()
                    .toList();
        }
    }

    private String name(Path path) {
        return folder.getFileName() + "/" + folder.relativize(path);
    }
}
