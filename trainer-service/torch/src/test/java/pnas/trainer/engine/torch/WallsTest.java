package pnas.trainer.engine.torch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the engine may use, and what of it others may. */
class WallsTest {
    private static final String HERE = "pnas.trainer.engine.torch";

    private static final JavaClasses OURS = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void the_engine_knows_the_ports_of_the_core_and_no_framework() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        HERE,
                        "pnas.trainer.training",
                        "pnas.trainer.checkpoint",
                        "pnas.trainer.dataset",
                        "pnas.trainer.tensor",
                        "pnas.dataset",
                        "pnas.message",
                        "pnas.engine",
                        "pnas.network",
                        "pnas.failure",
                        "org.bytedeco..",
                        "org.jspecify.annotations",
                        "com.sun.management",
                        "java..")
                .check(OURS);
    }

    @Test
    void others_see_the_engine_and_its_provider_only() {
        assertThat(OURS.stream().filter(each -> each.getModifiers().contains(JavaModifier.PUBLIC)))
                .extracting(JavaClass::getSimpleName)
                .containsExactlyInAnyOrder("TorchEngine", "TorchEngineProvider");
    }
}
