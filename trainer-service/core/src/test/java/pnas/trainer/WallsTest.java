package pnas.trainer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import pnas.decision.Decides;

/** Who may use whom within the trainer. */
class WallsTest {
    private static final String[] FRAMEWORKS = {
        "io.quarkus..",
        "io.smallrye..",
        "io.micrometer..",
        "jakarta..",
        "org.eclipse.microprofile..",
        "org.apache.kafka.."
    };

    private static final JavaClasses OURS = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void training_knows_no_engine() {
        noClasses()
                .that()
                .resideInAPackage("pnas.trainer.training")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("pnas.trainer.engine..")
                .check(OURS);
    }

    @Test
    void only_the_intake_knows_a_framework() {
        noClasses()
                .that()
                .resideOutsideOfPackage("pnas.trainer.intake")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FRAMEWORKS)
                .check(OURS);
    }

    /** The trainer's side of the protocol, which is tried without a broker. */
    @Test
    void decisions_are_plain_java() {
        classes()
                .that(DescribedPredicate.describe("decide", WallsTest::decides))
                .should()
                .onlyDependOnClassesThat(
                        DescribedPredicate.describe("are as plain", type -> isPlain(type.getBaseComponentType())))
                .check(OURS);
    }

    private static boolean isPlain(JavaClass type) {
        return type.isPrimitive()
                || type.getPackageName().startsWith("java.")
                || type.getPackageName().equals("org.jspecify.annotations")
                || type.getPackageName().equals("pnas.message")
                || type.getPackageName().equals("pnas.trainer.training")
                || type.getPackageName().equals("pnas.decision")
                || decides(type);
    }

    private static boolean decides(JavaClass type) {
        return type.isAnnotatedWith(Decides.class)
                || type.getEnclosingClass().filter(WallsTest::decides).isPresent();
    }

    @Test
    void nobody_but_the_application_knows_intake_and_child() {
        noClasses()
                .that()
                .resideOutsideOfPackages("pnas.trainer.intake", "pnas.trainer.child")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("pnas.trainer.intake", "pnas.trainer.child")
                .check(OURS);
        noClasses()
                .that()
                .resideInAPackage("pnas.trainer.child")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("pnas.trainer.intake", "pnas.trainer.engine..")
                .check(OURS);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("pnas.trainer.(*)..").should().beFreeOfCycles().check(OURS);
    }
}
