package pnas.orchestrator.peer;

import static pnas.testing.Http.given;

import java.net.URI;
import org.eclipse.microprofile.config.ConfigProvider;

/** The one who looks after the orchestrator: reads its health and its metrics at the port that is for that alone. */
public final class Management {
    private Management() {}

    /** What it answers with status 200. */
    public static String get(String path) {
        return given().get(address(path)).then().statusCode(200).extract().asString();
    }

    /** Where a path is at its port. */
    public static URI address(String path) {
        return URI.create(ConfigProvider.getConfig().getValue("test.management.url", String.class))
                .resolve(path);
    }
}
