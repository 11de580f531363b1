package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.orchestrator.state.GeneratedPage;

/** What docs/architecture.md says of the code. Run with {@code -Dpnas.write-docs=true} to write what is made from it anew. */
class ArchitecturePageTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path DOCS = ROOT.resolve("docs");
    private static final String PAGE = "architecture.md";
    private static final Path SOURCES = Path.of("src/main/java");

    /** Those that have packages. */
    private static final List<String> MODULES = List.of(
            "shared-model",
            "orchestrator",
            "predictor-service",
            "trainer-service/core",
            "trainer-service/torch",
            "trainer-service/vector",
            "trainer-service/dl4j",
            "local-platform",
            "test-support",
            "cli",
            "images");

    private static final Pattern MODULE_ROW = Pattern.compile("^\\| ([a-z0-9/-]+) \\|([^|]*)\\|", Pattern.MULTILINE);
    private static final Pattern PACKAGES = Pattern.compile("`(pnas[a-z0-9.]*)(?:\\{([^}]*)\\}|\\*)?`");
    private static final Pattern LINK = Pattern.compile("\\{@link\\s+(?:[a-z0-9]+\\.)*([A-Za-z.]+)\\s*\\}");
    private static final Pattern CODE = Pattern.compile("\\{@code\\s+([^}]+)\\}");

    /**
     * Some lines of Algorithm 1 of Liu et al., which are the same in the first stage and in the loop.
     *
     * @param numbers of the lines
     * @param says what the paper writes
     * @param does what that is here
     * @param places the methods, as {@code Type.method}
     */
    private record Lines(String numbers, String says, String does, List<String> places) {
        Lines(String numbers, String says, String does, String... places) {
            this(numbers, says, does, List.of(places));
        }
    }

    private static final List<Lines> ALGORITHM = List.of(
            new Lines(
                    "1",
                    "S1 = B1",
                    "all different cells of one block",
                    "SearchSpace.firstStage",
                    "ExperimentLife.begin"),
            new Lines("2, 10", "M = cell-to-CNN(S, N, F)", "the network of a cell", "NetworkBuilder.build"),
            new Lines(
                    "3, 11",
                    "C = train-CNN(M, E, trainSet)",
                    "which trainings are sent, and what one does",
                    "DispatchTurn.decide",
                    "TrainingLoop.trainEpoch"),
            new Lines(
                    "4, 12", "A = eval-CNN(C, valSet)", "the accuracy on the validation part", "TrainingLoop.validate"),
            new Lines(
                    "5",
                    "π = fit(S1, A1)",
                    "a predictor learns from every measured cell",
                    "Ranker.rank",
                    "Predictors.of",
                    "Predictor.fit"),
            new Lines("6, 14", "for b = 2 : B", "the end of a stage opens the next one", "ExperimentLife.endStage"),
            new Lines(
                    "7",
                    "S'b = expand-cell(Sb-1)",
                    "each measured cell with every block that it can get",
                    "SearchSpace.expand",
                    "RankingRequests.ask"),
            new Lines(
                    "8", "Â'b = predict(S'b, π)", "a score for each of them", "FittedPredictor.score", "Ranker.scores"),
            new Lines(
                    "9",
                    "Sb = top-K(S'b, Â'b, K)",
                    "the best of them become the trials of the stage",
                    "Ranker.best",
                    "StageLife.hear"),
            new Lines(
                    "13",
                    "π = update-predictor(Sb, Ab, π)",
                    "it learns anew, or goes on from its weights as in the paper",
                    "PredictorName.ownFitting",
                    "NetworkPredictor.fit"),
            new Lines("15", "return top-K(SB, AB, 1)", "the best measured cell of the last stage", "Trials.best"));

    @Test
    void every_room_has_walls() throws IOException {
        assertThat(rooms().keySet())
                .containsExactlyInAnyOrderElementsOf(packages("orchestrator").stream()
                        .map(name -> name.substring("pnas.orchestrator.".length()))
                        .toList());
    }

    @Test
    void the_page_shows_the_rooms_and_who_may_import_whom() throws IOException {
        Map<String, Set<String>> rooms = rooms();
        StringBuilder text = new StringBuilder("```mermaid\nflowchart TD\n");
        rooms.forEach((room, below) -> below.stream()
                .filter(each -> below.stream().noneMatch(other -> leads(rooms, other, each)))
                .forEach(each -> text.append("    ")
                        .append(room)
                        .append(" --> ")
                        .append(each)
                        .append('\n')));
        rooms.keySet().stream()
                .filter(room -> rooms.values().stream().noneMatch(below -> below.contains(room))
                        && rooms.getOrDefault(room, Set.of()).isEmpty())
                .forEach(room -> text.append("    ").append(room).append('\n'));
        text.append("```\n\n| room | what it is | may import |\n|---|---|---|\n");
        rooms.forEach((room, below) -> text.append("| [")
                .append(room)
                .append("](../orchestrator/src/main/java/pnas/orchestrator/")
                .append(room.replace('.', '/'))
                .append(") | ")
                .append(purpose(room))
                .append(" | ")
                .append(below.isEmpty() ? "none" : String.join(", ", below))
                .append(" |\n"));
        GeneratedPage.assertThatItHas(PAGE, "rooms", text.toString());
    }

    @Test
    void the_page_says_where_each_line_of_the_algorithm_is() throws IOException {
        Map<String, List<Path>> files = MODULES.stream()
                .flatMap(module -> sources(module).stream())
                .collect(Collectors.groupingBy(
                        file -> file.getFileName().toString().replace(".java", "")));
        StringBuilder text = new StringBuilder("| line | the paper | here | where |\n|---|---|---|---|\n");
        for (Lines lines : ALGORITHM) {
            text.append("| ")
                    .append(lines.numbers())
                    .append(" | `")
                    .append(lines.says())
                    .append("` | ")
                    .append(lines.does())
                    .append(" | ");
            String separator = "";
            for (String place : lines.places()) {
                String type = place.substring(0, place.indexOf('.'));
                String method = place.substring(place.indexOf('.') + 1);
                assertThat(files.getOrDefault(type, List.of()))
                        .as("files of the type " + type)
                        .hasSize(1);
                Path file = files.get(type).getFirst();
                assertThat(Files.readString(file)).as(place).containsPattern("[\\w>\\]] " + method + "\\(");
                text.append(separator)
                        .append("[`")
                        .append(place)
                        .append("`](")
                        .append(DOCS.relativize(file))
                        .append(')');
                separator = ", ";
            }
            text.append(" |\n");
        }
        GeneratedPage.assertThatItHas(PAGE, "algorithm", text.toString());
    }

    @Test
    void the_page_names_the_packages_of_each_module() throws IOException {
        Map<String, Set<String>> named = new LinkedHashMap<>();
        for (Matcher row = MODULE_ROW.matcher(Files.readString(DOCS.resolve(PAGE))); row.find(); ) {
            if (!MODULES.contains(row.group(1))) {
                continue;
            }
            Set<String> there = new HashSet<>();
            for (Matcher each = PACKAGES.matcher(row.group(2)); each.find(); ) {
                if (each.group().endsWith("*`")) {
                    there.addAll(packages(row.group(1)));
                } else if (each.group(2) == null) {
                    there.add(each.group(1));
                } else {
                    Arrays.stream(each.group(2).split(", *"))
                            .map(each.group(1)::concat)
                            .forEach(there::add);
                }
            }
            named.put(row.group(1), there);
        }
        assertThat(named.keySet()).containsAll(MODULES);
        for (String module : MODULES) {
            assertThat(named.get(module)).as(module).isEqualTo(packages(module));
        }
    }

    /** What each room may import, as the walls say it; those that may import most come first. */
    private static Map<String, Set<String>> rooms() {
        List<String> walls = Arrays.stream(WallsTest.class.getDeclaredMethods())
                .map(method -> method.getAnnotation(CsvSource.class))
                .filter(each -> each != null)
                .flatMap(each -> Arrays.stream(each.value()))
                .toList();
        Map<String, Set<String>> rooms = new LinkedHashMap<>();
        for (String wall : walls.reversed()) {
            String room = wall.substring(0, wall.indexOf(',')).strip();
            Set<String> below = new TreeSet<>(List.of(wall.substring(wall.indexOf('\'') + 1, wall.lastIndexOf('\''))
                    .split(", *")));
            below.remove(room);
            rooms.put(room, below);
        }
        return rooms;
    }

    /** Whether one leads to the other, by way of any. */
    private static boolean leads(Map<String, Set<String>> rooms, String from, String to) {
        Collection<String> below = rooms.getOrDefault(from, Set.of());
        return below.contains(to) || below.stream().anyMatch(each -> leads(rooms, each, to));
    }

    /** The first sentence of what a room says of itself. */
    private static String purpose(String room) {
        Path file = Path.of("src/main/java/pnas/orchestrator", room.replace('.', '/'), "package-info.java");
        String text = text(file)
                .replaceFirst("(?s)\\*/.*", "")
                .replaceFirst("/\\*\\*", "")
                .replaceAll("\\s*\\R\\s*\\* ?", " ");
        String plain = CODE.matcher(LINK.matcher(text).replaceAll("`$1`")).replaceAll("`$1`");
        return plain.strip().replaceFirst("(?s)\\.( .*)?$", "");
    }

    private static Set<String> packages(String module) {
        return sources(module).stream()
                .filter(file -> file.endsWith("package-info.java"))
                .map(file -> ROOT.resolve(module)
                        .resolve(SOURCES)
                        .relativize(file.getParent())
                        .toString()
                        .replace('/', '.'))
                .collect(Collectors.toSet());
    }

    private static List<Path> sources(String module) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve(SOURCES))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
