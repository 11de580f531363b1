package pnas.predictor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walls of this module. */
final class ArchitectureTest {
    private static final String[] LANGUAGE = {
        "java..", "org.jspecify..", "pnas.cell..", "pnas.message..", "pnas.failure..", "pnas.decision"
    };

    private static final JavaClasses SERVICE = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void numerical_parts_know_neither_cells_nor_frameworks() {
        classes()
                .that()
                .resideInAPackage("pnas.predictor.fitting")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "pnas.predictor.fitting")
                .check(SERVICE);
    }

    @Test
    void encodings_know_no_predictor() {
        classes()
                .that()
                .resideInAPackage("pnas.predictor.encoding")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(with("pnas.predictor.encoding"))
                .check(SERVICE);
    }

    @Test
    void predictors_know_no_framework_and_no_broker() {
        classes()
                .that()
                .resideInAPackage("pnas.predictor.model")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        with("pnas.predictor.encoding", "pnas.predictor.fitting", "pnas.predictor.model", "org.ejml.."))
                .check(SERVICE);
    }

    @Test
    void evaluations_know_no_framework_and_no_broker() {
        classes()
                .that()
                .resideInAPackage("pnas.predictor.evaluation")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(with(
                        "pnas.predictor.encoding",
                        "pnas.predictor.model",
                        "pnas.predictor.evaluation",
                        "pnas.input",
                        "pnas.oracle",
                        "pnas.space",
                        "pnas.statistics",
                        "com.fasterxml.jackson.databind.."))
                .check(SERVICE);
    }

    @Test
    void only_the_edges_of_rankings_know_the_framework() {
        classes()
                .that()
                .resideInAPackage("pnas.predictor.ranking")
                .and()
                .haveNameNotMatching("pnas\\.predictor\\.ranking\\.Candidates(Reader|Format).*")
                .and()
                .doNotHaveSimpleName("RankingLimits")
                .and()
                .doNotHaveSimpleName("HostGuard")
                .and()
                .doNotHaveSimpleName("BrokerConfiguration")
                .and()
                .doNotHaveSimpleName("BrokerHealth")
                .and()
                .doNotHaveSimpleName("RankingMetrics")
                .and()
                .doNotHaveSimpleName("BenchmarkMain")
                .and()
                .haveSimpleNameNotEndingWith("_Bean")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(with("pnas.predictor..", "pnas.statistics"))
                .check(SERVICE);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("pnas.predictor.(*)..").should().beFreeOfCycles().check(SERVICE);
    }

    private static String[] with(String... more) {
        return Stream.concat(Arrays.stream(LANGUAGE), Arrays.stream(more)).toArray(String[]::new);
    }
}
