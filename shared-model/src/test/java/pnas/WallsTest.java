package pnas;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use whom within the shared model, and what none of it may use. */
class WallsTest {
    /** No java.io, java.nio.file, java.net or java.time among these: no input, no output and no clock. */
    private static final String[] PURE_JAVA = {
        "java.lang..", "java.util..", "java.math", "org.apache.commons.codec.digest", "org.jspecify.annotations"
    };

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("pnas");

    @Test
    void there_are_no_other_packages() {
        assertThat(OURS.stream().map(JavaClass::getPackageName).distinct())
                .containsExactlyInAnyOrder(
                        "pnas.cell",
                        "pnas.space",
                        "pnas.network",
                        "pnas.oracle",
                        "pnas.statistics",
                        "pnas.message",
                        "pnas.decision",
                        "pnas.engine",
                        "pnas.failure",
                        "pnas.input",
                        "pnas.dataset",
                        "pnas.access",
                        "pnas.process");
    }

    @ParameterizedTest
    @CsvSource({
        "pnas.cell, pnas.failure",
        "pnas.space, pnas.cell",
        "pnas.network, pnas.cell",
        "pnas.oracle, pnas.cell",
        "pnas.statistics, pnas.statistics"
    })
    void cells_spaces_and_networks_are_computed_from_nothing_but_their_arguments(String from, String to) {
        classes()
                .that()
                .resideInAPackage(from)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        Stream.concat(Stream.of(PURE_JAVA), Stream.of(from, to)).toArray(String[]::new))
                .check(OURS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pnas.cell", "pnas.space", "pnas.network", "pnas.oracle", "pnas.statistics"})
    void time_and_chance_are_arguments(String from) {
        noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .accessClassesThat()
                .belongToAnyOf(System.class, Random.class, ThreadLocalRandom.class)
                .orShould()
                .callMethod(Math.class, "random")
                .check(OURS);
    }

    @Test
    void failures_know_nobody() {
        classes()
                .that()
                .resideInAPackage("pnas.failure")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify.annotations", "pnas.failure")
                .check(OURS);
    }

    @Test
    void whatever_starts_processes_knows_nobody() {
        classes()
                .that()
                .resideInAPackage("pnas.process")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify.annotations", "pnas.process")
                .check(OURS);
    }

    @Test
    void messages_speak_of_cells_networks_and_failures_in_json() {
        classes()
                .that()
                .resideInAPackage("pnas.message")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify.annotations",
                        "com.fasterxml.jackson..",
                        "pnas.message",
                        "pnas.cell",
                        "pnas.engine",
                        "pnas.network",
                        "pnas.failure")
                .check(OURS);
    }

    @Test
    void files_that_people_give_are_read_by_what_knows_failures_alone() {
        classes()
                .that()
                .resideInAPackage("pnas.input")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..", "org.jspecify.annotations", "org.apache.commons.io..", "pnas.input", "pnas.failure")
                .check(OURS);
    }

    @Test
    void data_sets_are_read_by_no_framework() {
        classes()
                .that()
                .resideInAPackage("pnas.dataset")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.imageio..",
                        "org.jspecify.annotations",
                        "org.apache.commons.compress..",
                        "org.apache.commons.codec.digest",
                        "org.apache.commons.io..",
                        "pnas.dataset",
                        "pnas.input",
                        "pnas.message",
                        "pnas.network",
                        "pnas.failure")
                .check(OURS);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("pnas.(*)..").should().beFreeOfCycles().check(OURS);
    }
}
