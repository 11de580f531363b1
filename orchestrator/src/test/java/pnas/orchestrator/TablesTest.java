package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which package names which table in its SQL, as the sources have it: what stands in a text is seen by no compiler. */
class TablesTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path SCHEMA = Path.of("src/main/resources/db/schema");

    private static final Pattern CREATED = Pattern.compile("create table (\\w+)");
    private static final Pattern MAPPED = Pattern.compile("@Table\\(name = \"(\\w+)\"\\)[^{]*?class (\\w+)");
    /** Texts, and what may hold a quotation mark and is none. */
    private static final Pattern TOKEN = Pattern.compile(
            "(?s)\"\"\"(?<block>.*?)\"\"\"|\"(?<text>(?:\\\\.|[^\"\\\\\n])*)\"|//[^\n]*|/\\*.*?\\*/|'(?:\\\\.|[^'])*'");

    private static final Pattern NAMED =
            Pattern.compile("(?i)\\b(insert\\s+into|delete\\s+from|update|from|join)\\s+(\\w+)");
    private static final Set<String> READING = Set.of("from", "join");

    /** A table that a text names. */
    private record Use(String file, String table, boolean writes) {
        String feature() {
            return Path.of(file).getParent().toString();
        }
    }

    private static final JavaClasses OURS = new ClassFileImporter().importPath(Path.of("target", "classes"));

    private static final Set<String> TABLES = new TreeSet<>();
    private static final List<Use> USES = new ArrayList<>();

    static {
        try {
            for (Path migration : files(SCHEMA, ".sql")) {
                TABLES.addAll(CREATED.matcher(Files.readString(migration))
                        .results()
                        .map(found -> found.group(1))
                        .toList());
            }
            Map<String, String> tables = TABLES.stream().collect(Collectors.toMap(name -> name, name -> name));
            List<Path> sources = files(SOURCES, ".java");
            for (Path source : sources) {
                MAPPED.matcher(Files.readString(source))
                        .results()
                        .forEach(found -> tables.put(found.group(2).toLowerCase(Locale.ROOT), found.group(1)));
            }
            for (Path source : sources) {
                String file =
                        SOURCES.resolve("pnas/orchestrator").relativize(source).toString();
                texts(Files.readString(source))
                        .forEach(text -> NAMED.matcher(text)
                                .results()
                                .filter(found ->
                                        tables.containsKey(found.group(2).toLowerCase(Locale.ROOT)))
                                .map(found -> new Use(
                                        file,
                                        tables.get(found.group(2).toLowerCase(Locale.ROOT)),
                                        !READING.contains(found.group(1).toLowerCase(Locale.ROOT))))
                                .forEach(USES::add));
            }
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    private static List<String> texts(String source) {
        List<String> texts = new ArrayList<>();
        Matcher token = TOKEN.matcher(source);
        while (token.find()) {
            String text = token.group("block") == null ? token.group("text") : token.group("block");
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static Tables tables(String feature) {
        return OURS.getPackage("pnas.orchestrator." + feature).getAnnotationOfType(Tables.class);
    }

    private static Set<String> features() {
        return USES.stream().map(Use::feature).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void sql_names_tables_of_its_own_package_and_those_that_this_declares_to_read() {
        List<String> wrong = USES.stream()
                .filter(use -> {
                    Tables declared = tables(use.feature());
                    return !List.of(declared.owns()).contains(use.table())
                            && (use.writes() || !List.of(declared.reads()).contains(use.table()));
                })
                .map(use -> use.file() + (use.writes() ? " writes " : " reads ") + use.table())
                .distinct()
                .toList();
        assertThat(wrong).isEmpty();
    }

    @Test
    void each_table_has_one_owner() {
        Map<String, List<String>> owners = new TreeMap<>();
        features()
                .forEach(feature -> Arrays.stream(tables(feature).owns())
                        .forEach(table -> owners.computeIfAbsent(table, _ -> new ArrayList<>())
                                .add(feature)));
        assertThat(owners.keySet()).isEqualTo(TABLES);
        assertThat(owners.values()).allSatisfy(own -> assertThat(own).hasSize(1));
    }

    @Test
    void nothing_is_declared_to_be_read_that_is_not() {
        Map<String, Set<String>> read = new HashMap<>();
        USES.forEach(
                use -> read.computeIfAbsent(use.feature(), _ -> new TreeSet<>()).add(use.table()));
        features()
                .forEach(feature -> assertThat(read.get(feature))
                        .as(feature)
                        .containsAll(List.of(tables(feature).reads())));
    }

    /** Transactions read trials as they need them; whatever else is asked is asked of one class. */
    @Test
    void questions_about_trials_stand_in_one_place() {
        Set<String> own = Set.of("trial", "attempt", "epoch");
        assertThat(USES.stream().filter(use -> own.contains(use.table())).map(Use::file))
                .containsOnly("trial/Trials.java", "trial/TrialRows.java");
    }
}
