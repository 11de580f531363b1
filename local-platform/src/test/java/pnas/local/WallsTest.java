package pnas.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import pnas.decision.Decides;

/** What the local platform may use. */
class WallsTest {
    private static final JavaClasses OURS = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void the_inner_classes_of_the_broker_are_used_in_its_own_process_only() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(KafkaServerMain.class.getName())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("kafka..", "org.apache.kafka.server..", "org.apache.kafka.metadata..", "scala..")
                .check(OURS);
    }

    @Test
    void decisions_are_made_from_arguments_alone() {
        classes()
                .that(DescribedPredicate.describe("decide", WallsTest::decides))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("pnas.local", "pnas.decision", "java.lang..", "java.time..", "java.util..")
                .check(OURS);
    }

    private static boolean decides(JavaClass type) {
        return type.isAnnotatedWith(Decides.class)
                || type.getEnclosingClass().filter(WallsTest::decides).isPresent();
    }
}
