package pnas.simulation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.orchestrator.life.Trial;
import pnas.predictor.ranking.OpenRequests;
import pnas.trainer.intake.SlotLife;

/**
 * The product with one fault in it: it is compiled in memory, and the schedules are played around it. The product itself has no switch for that.
 *
 * @param file source of a class that decides, from the root of the project
 * @param text stands there once
 * @param replacement stands there instead
 * @param seed from which on one is looked for that catches it
 */
record Mutant(String name, String file, String text, String replacement, long seed) {
    /** One that one of the first seeds catches. */
    Mutant(String name, String file, String text, String replacement) {
        this(name, file, text, replacement, 1);
    }

    /** Whose classes are loaded anew beside the changed one, so that all of them mean the same. */
    private static final List<String> ANEW =
            List.of("pnas.orchestrator.", "pnas.trainer.", "pnas.predictor.", "pnas.simulation.");

    private static final JavaCompiler COMPILER = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());

    /** The source with the fault. */
    String source(Path root) throws IOException {
        String source = Files.readString(root.resolve(file));
        int first = source.indexOf(text);
        if (first < 0 || source.indexOf(text, first + 1) >= 0) {
            throw new IllegalStateException(
                    name + ": " + (first < 0 ? "nowhere" : "more than once") + " in " + file + " stands: " + text);
        }
        return source.replace(text, replacement);
    }

    /** Plays the schedules of seeds around the changed product. */
    LongFunction<@Nullable String> play(Path root) throws IOException {
        Loader loader = new Loader(compile(source(root)));
        try {
            return loader.loadClass("pnas.simulation.Failing").getConstructor().newInstance()
                            instanceof LongFunction<?> function
                    ? seed -> (String) function.apply(seed)
                    : _ -> null;
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, byte[]> compile(String source) throws IOException {
        Map<String, ByteArrayOutputStream> made = new HashMap<>();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = COMPILER.getStandardFileManager(null, Locale.ROOT, null)) {
            files.setLocation(StandardLocation.CLASS_PATH, classPath());
            JavaFileManager inMemory = new ForwardingJavaFileManager<JavaFileManager>(files) {
                @Override
                public JavaFileObject getJavaFileForOutput(
                        Location location, String type, JavaFileObject.Kind kind, @Nullable FileObject sibling) {
                    return new SimpleJavaFileObject(URI.create("mem:///" + type), kind) {
                        @Override
                        public OutputStream openOutputStream() {
                            return made.computeIfAbsent(type, _ -> new ByteArrayOutputStream());
                        }
                    };
                }
            };
            JavaFileObject changed =
                    new SimpleJavaFileObject(
                            URI.create("mem:///" + file.substring(file.indexOf("pnas/"))), JavaFileObject.Kind.SOURCE) {
                        @Override
                        public CharSequence getCharContent(boolean ignored) {
                            return source;
                        }
                    };
            boolean compiled = COMPILER.getTask(
                            said,
                            inMemory,
                            null,
                            List.of("-proc:none", "-nowarn", "-parameters"),
                            null,
                            List.of(changed))
                    .call();
            if (!compiled) {
                throw new IllegalStateException(name + " is no Java: " + said);
            }
        }
        return made.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, one -> one.getValue().toByteArray()));
    }

    /** Where the classes come from that the changed one may use. */
    private static List<File> classPath() {
        return Stream.of(
                        Trial.class,
                        SlotLife.class,
                        OpenRequests.class,
                        Cell.class,
                        Nullable.class,
                        DigestUtils.class,
                        JsonInclude.class)
                .map(type -> {
                    try {
                        return new File(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
                    } catch (URISyntaxException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .distinct()
                .toList();
    }

    /** Loads our own classes anew, and the changed ones as they were compiled. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> changed;

        Loader(Map<String, byte[]> changed) {
            super(Mutant.class.getClassLoader());
            this.changed = changed;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (ANEW.stream().noneMatch(name::startsWith)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            byte[] bytes = changed.get(name);
            if (bytes == null) {
                try (InputStream stored = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                    if (stored == null) {
                        throw new ClassNotFoundException(name);
                    }
                    bytes = stored.readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
