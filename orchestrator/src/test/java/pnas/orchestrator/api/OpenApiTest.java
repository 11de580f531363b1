package pnas.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static pnas.testing.Http.given;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import pnas.testing.KafkaAndDatabase;

@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
final class OpenApiTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "generated", "openapi.yaml");
    private static final Path SERVED = Path.of("target", "openapi.yaml");

    @Test
    void is_served_as_it_stands_in_the_documentation() throws IOException {
        String served = given().get("/q/openapi?format=yaml")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        Files.writeString(SERVED, served);

        assertThat(DOCUMENT)
                .as("if the change is meant: cp orchestrator/%s docs/generated/openapi.yaml", SERVED)
                .exists()
                .content()
                .isEqualTo(served);
    }
}
