package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.state.GeneratedPage;

/** Makes the page of all settings from the sources of the mappings of all services: names, types, bounds, defaults, and their Javadoc. */
class ConfigurationPageTest {
    private static final Path ROOT = Path.of("..");

    /** The services, by the folder of their module. */
    private static final Map<String, Path> SERVICES = Map.of(
            "orchestrator", ROOT.resolve("orchestrator"),
            "predictor", ROOT.resolve("predictor-service"),
            "trainer", ROOT.resolve("trainer-service/core"));

    private record Setting(String name, String service, String type, String initial, String meaning) {
        String line() {
            String variable = name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
            return "| `%s`<br>`%s` | %s | %s | %s | %s |\n"
                    .formatted(name, variable, service, type, initial, meaning.replace("|", "\\|"));
        }
    }

    @Test
    void the_page_of_settings_says_what_the_code_says() throws IOException {
        List<Setting> settings = new ArrayList<>();
        for (String service : SERVICES.keySet().stream().sorted().toList()) {
            settings.addAll(settings(service, SERVICES.get(service)));
        }
        assertThat(settings)
                .hasSizeGreaterThan(20)
                .allSatisfy(setting ->
                        assertThat(setting.meaning()).as(setting.name()).isNotBlank());
        GeneratedPage.assertThatItSays(
                "configuration.md", """
                # Settings

                Made from the code. Each can be given as a variable of the environment, as a system property (`-Dname=value`), or in
                `config/application.properties` beside the service. Durations are written like `500ms`, `10s`, `5m`, `1h`.

                | setting and variable | service | type | default | meaning |
                |---|---|---|---|---|
                """ + settings.stream().map(Setting::line).collect(Collectors.joining()));
    }

    private static List<Setting> settings(String service, Path module) throws IOException {
        Properties defaults = defaults(module);
        List<Setting> settings = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, Locale.ROOT, null);
                Stream<Path> sources = Files.walk(module.resolve("src/main/java"))) {
            List<Path> mappings =
                    sources.filter(ConfigurationPageTest::isMapping).sorted().toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(mappings));
            DocTrees documentation = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                for (Tree type : unit.getTypeDecls()) {
                    String prefix = annotation(((ClassTree) type).getModifiers().getAnnotations(), "ConfigMapping")
                            .orElseThrow();
                    Source source = new Source(service, unit, documentation, defaults);
                    source.collect((ClassTree) type, prefix, settings);
                }
            }
        }
        return settings;
    }

    private static boolean isMapping(Path source) {
        try {
            return source.toString().endsWith(".java")
                    && Files.readString(source).contains("\n@ConfigMapping(");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the module's own files set, which a person may set otherwise. */
    private static Properties defaults(Path module) throws IOException {
        Properties properties = new Properties();
        for (String file : List.of("application.properties", "META-INF/microprofile-config.properties")) {
            Path path = module.resolve("src/main/resources").resolve(file);
            if (Files.exists(path)) {
                try (Reader reader = Files.newBufferedReader(path)) {
                    properties.load(reader);
                }
            }
        }
        return properties;
    }

    /** The value of an annotation with one value, which is a text. */
    private static Optional<String> annotation(List<? extends AnnotationTree> annotations, String name) {
        return values(annotations, name)
                .map(values -> values.values().iterator().next());
    }

    private static Optional<Map<String, String>> values(List<? extends AnnotationTree> annotations, String name) {
        return annotations.stream()
                .filter(annotation -> annotation.getAnnotationType().toString().equals(name))
                .findFirst()
                .map(annotation -> {
                    Map<String, String> values = new HashMap<>();
                    for (ExpressionTree argument : annotation.getArguments()) {
                        if (argument instanceof AssignmentTree assignment) {
                            values.put(assignment.getVariable().toString(), text(assignment.getExpression()));
                        } else {
                            values.put("value", text(argument));
                        }
                    }
                    return values;
                });
    }

    private static String text(ExpressionTree expression) {
        return expression instanceof LiteralTree literal ? literal.getValue().toString() : expression.toString();
    }

    /** One file with a mapping. */
    private record Source(String service, CompilationUnitTree unit, DocTrees documentation, Properties defaults) {
        void collect(ClassTree type, String prefix, List<Setting> settings) {
            Map<String, ClassTree> nested = type.getMembers().stream()
                    .filter(ClassTree.class::isInstance)
                    .map(ClassTree.class::cast)
                    .collect(Collectors.toMap(member -> member.getSimpleName().toString(), member -> member));
            for (Tree member : type.getMembers()) {
                if (member instanceof MethodTree method) {
                    String name = values(method.getModifiers().getAnnotations(), "WithParentName")
                                    .isPresent()
                            ? prefix
                            : prefix + "." + kebabCase(method.getName().toString());
                    ClassTree group = nested.get(method.getReturnType().toString());
                    if (group != null) {
                        collect(group, name, settings);
                    } else {
                        settings.add(setting(name, method));
                    }
                }
            }
        }

        private Setting setting(String name, MethodTree method) {
            String type = method.getReturnType().toString();
            String simple = type.replaceAll("@\\w+(\\([^)]*\\))? *", "")
                    .replaceAll("Optional<(.*)>", "$1")
                    .replace("java.util.", "");
            String shown = simple.startsWith("Map<") ? name + ".NAME" : name;
            return new Setting(
                    shown,
                    service,
                    words(simple) + bounds(method),
                    initial(name, method, type.contains("Optional<") || type.startsWith("Map<")),
                    meaning(method));
        }

        private static String words(String type) {
            return switch (type) {
                case "int", "short", "Short", "Integer", "long" -> "whole number";
                case "double" -> "number";
                case "boolean" -> "true or false";
                case "String" -> "text";
                case "Duration" -> "duration";
                case "Path" -> "folder";
                case "MemorySize" -> "size, like 512M";
                case "List<String>" -> "texts, separated by commas";
                case "Map<String, String>" -> "a text for each name";
                case "Map<String, Integer>" -> "a number for each name";
                default -> throw new AssertionError("say on the page what a " + type + " is");
            };
        }

        private static String bounds(MethodTree method) {
            List<? extends AnnotationTree> annotations = method.getModifiers().getAnnotations();
            List<String> bounds = new ArrayList<>();
            for (String least : List.of("Min", "DurationMin")) {
                values(annotations, least).ifPresent(values -> bounds.add("at least " + amount(values)));
            }
            for (String most : List.of("Max", "DurationMax")) {
                values(annotations, most).ifPresent(values -> bounds.add("at most " + amount(values)));
            }
            return bounds.isEmpty() ? "" : ", " + String.join(", ", bounds);
        }

        private static String amount(Map<String, String> values) {
            return values.entrySet().stream()
                    .map(value -> value.getValue() + (value.getKey().equals("value") ? "" : " " + value.getKey()))
                    .collect(Collectors.joining(" "));
        }

        private String initial(String name, MethodTree method, boolean optional) {
            @Nullable String set = defaults.getProperty(name);
            String value = set != null
                    ? set
                    : annotation(method.getModifiers().getAnnotations(), "WithDefault")
                            .orElse(null);
            assertThat(value != null || optional)
                    .as("%s has a default or may be absent", name)
                    .isTrue();
            return value == null ? "none" : "`" + value + "`";
        }

        private String meaning(MethodTree method) {
            @Nullable DocCommentTree comment = documentation.getDocCommentTree(TreePath.getPath(unit, method));
            return comment == null
                    ? ""
                    : comment.getFullBody().stream()
                            .map(Object::toString)
                            .collect(Collectors.joining())
                            .replaceAll("\\{@code ([^}]*)}", "`$1`")
                            .replaceAll("\\s+", " ")
                            .strip();
        }

        private static String kebabCase(String name) {
            return name.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
        }
    }
}
