package pnas.trainer.child;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the classes of the running application, for a plain Java process that runs the same code. */
final class ClassPath {
    /** Folders of a packaged application beside its launcher; classes that Quarkus changed come first. */
    private static final List<String> PACKAGED = List.of("quarkus", "app", "lib/main", "lib/boot");

    private ClassPath() {}

    /** The class path of this process; of a packaged Quarkus application, whose launcher knows its jars by itself, all of its jars. */
    static String current() {
        return of(System.getProperty("java.class.path"));
    }

    static String of(String classPath) {
        Path application = Path.of(classPath.split(File.pathSeparator, 2)[0])
                .toAbsolutePath()
                .getParent();
        if (application == null || !Files.isDirectory(application.resolve("lib/main"))) {
            return classPath;
        }
        return Stream.concat(PACKAGED.stream().map(folder -> application.resolve(folder) + "/*"), Stream.of(classPath))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
