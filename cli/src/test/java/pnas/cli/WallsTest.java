package pnas.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WallsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void knows_neither_broker_nor_database_nor_framework() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "org.apache.kafka..",
                        "java.sql..",
                        "javax.sql..",
                        "org.hibernate..",
                        "io.quarkus..",
                        "jakarta.."))
                .check(CLASSES);
    }

    @Test
    void of_ours_only_the_shared_model_is_used_and_no_message() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "pnas.cli..",
                                "pnas.access..",
                                "pnas.cell..",
                                "pnas.engine..",
                                "pnas.space..",
                                "pnas.network..",
                                "pnas.dataset..",
                                "pnas.input..",
                                "pnas.statistics..",
                                "pnas.failure..",
                                "pnas.process..")
                        .or(resideOutsideOfPackages("pnas..")))
                .check(CLASSES);
    }

    @Test
    void commands_stand_upon_what_is_printed_and_that_upon_what_is_read() {
        noClasses()
                .that()
                .resideInAPackage("pnas.cli.screen")
                .should()
                .dependOnClassesThat(resideInAnyPackage("pnas.cli", "picocli.."))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("pnas.cli.platform")
                .should()
                .dependOnClassesThat(resideInAnyPackage("pnas.cli", "pnas.cli.screen", "picocli.."))
                .check(CLASSES);
    }

    @Test
    void only_the_root_command_is_public() {
        noClasses()
                .that()
                .resideInAPackage("pnas.cli")
                .and()
                .doNotHaveSimpleName("Pnas")
                .and()
                .areTopLevelClasses()
                .should()
                .bePublic()
                .check(CLASSES);
    }
}
