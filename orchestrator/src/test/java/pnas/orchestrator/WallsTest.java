package pnas.orchestrator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import jakarta.persistence.Entity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.decision.Decides;

/** Who may use whom within the orchestrator. */
class WallsTest {
    private static final String ROOT = "pnas.orchestrator.";
    private static final String[] FRAMEWORKS = {
        "io.quarkus..",
        "io.smallrye..",
        "io.micrometer..",
        "jakarta..",
        "org.eclipse.microprofile..",
        "org.hibernate..",
        "org.apache.kafka..",
        "io.fabric8.."
    };
    private static final JavaClasses OURS = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void decisions_know_no_framework() {
        noClasses()
                .that(DescribedPredicate.describe("decide", WallsTest::decides))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FRAMEWORKS)
                .check(OURS);
    }

    private static boolean decides(JavaClass type) {
        return type.isAnnotatedWith(Decides.class)
                || type.getEnclosingClass().filter(WallsTest::decides).isPresent();
    }

    /** What is not named here cannot be reached from the core, whatever it goes through. */
    @Test
    void the_core_is_plain_java() {
        classes()
                .that()
                .resideInAnyPackage(
                        ROOT + "life..", ROOT + "event", ROOT + "specification", ROOT + "state", ROOT + "timing")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "org.apache.commons.codec..",
                        "org.ejml..",
                        "com.fasterxml.jackson.annotation..",
                        "pnas.dataset",
                        "pnas.cell",
                        "pnas.engine",
                        "pnas.failure",
                        "pnas.message",
                        "pnas.network",
                        "pnas.space",
                        "pnas.statistics",
                        ROOT + "life..",
                        ROOT + "event",
                        ROOT + "specification",
                        ROOT + "state",
                        ROOT + "timing")
                .check(OURS);
    }

    @ParameterizedTest
    @CsvSource({
        "state, 'state'",
        "timing, 'timing'",
        "specification, 'specification'",
        "event, 'event, specification'",
        "life.ranking, 'life.ranking, specification'",
        "life, 'life, life.ranking, event, specification, state, timing'",
        "life.dispatch, 'life.dispatch, life, specification'",
        "life.store, 'life.store, life.dispatch, life.ranking, life, specification, state'",
        "live, 'live, life, event, specification'",
        "broker, 'broker, life, specification'",
        "trainer, 'trainer, life, specification, live, broker'",
        "tracing, 'tracing'",
        "trial, 'trial, life, life.dispatch, life.store, event, specification, timing, trainer, live, broker, state'",
        "capacity, 'capacity, trial, trainer, live'",
        "experiment, 'experiment, capacity, trial, life, life.ranking, life.store, specification, trainer, live, tracing'",
        "report, 'report, experiment, capacity, trial, life, life.ranking, specification, timing, trainer, live, broker'",
        "ranking, 'ranking, experiment, life, life.ranking, specification, live, broker'",
        "dispatch, 'dispatch, life, life.dispatch, life.store, trial, trainer, live, broker, tracing'",
        "drawing, 'drawing'",
        "access, 'access'",
        "http, 'http, access, drawing, experiment, life, event, live, specification, trial, trainer'",
        "api, 'api, http, access, drawing, report, experiment, life, event, live, ranking, specification, timing, trial, trainer'",
        "web, 'web, http, access, state, capacity, drawing, report, experiment, life, life.ranking, event, live, specification, timing, trial, trainer'"
    })
    void features_use_those_below_them(String feature, String below) {
        String[] allowed =
                Arrays.stream(below.split(", ")).map(name -> ROOT + name).toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(ROOT + feature)
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are features that stand above or beside it",
                        type -> type.getPackageName().startsWith(ROOT)
                                && !Set.of(allowed).contains(type.getPackageName())))
                .check(OURS);
    }

    @Test
    void entities_never_leave_their_feature() {
        classes()
                .that()
                .areAnnotatedWith(Entity.class)
                .should()
                .bePackagePrivate()
                .check(OURS);
    }

    /** A room in which a reader finds what is there. */
    @Test
    void no_package_has_more_than_15_percent_of_the_lines() throws IOException {
        Map<String, Integer> lines = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                lines.merge(
                        file.getParent().toString(), Files.readAllLines(file).size(), Integer::sum);
            }
        }
        int all = lines.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(lines.entrySet())
                .as("packages with more than 15 % of " + all + " lines")
                .noneMatch(each -> each.getValue() > 0.15 * all);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("pnas.orchestrator.(**)").should().beFreeOfCycles().check(OURS);
    }
}
