package pnas.orchestrator.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static pnas.orchestrator.peer.Wait.await;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the orchestrator asks of an API server is what the manifests allow it, no less and no more. */
class AccessRightsTest {
    private static final Pattern RESOURCE =
            Pattern.compile("/(?:api|apis/([a-z0-9.]+))/v1(/namespaces/[a-z]+)?/([a-z]+)(/[^/]+)?");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("");

    /** A right, or the call that needs it, as {@code verb resource.group}. */
    private static final class Calls implements Interceptor {
        private final Set<String> inNamespace = new ConcurrentSkipListSet<>();
        private final Set<String> inCluster = new ConcurrentSkipListSet<>();

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            if (request.uri().getPath().equals("/version")) {
                return; // Everybody may ask for it.
            }
            Matcher path = RESOURCE.matcher(request.uri().getPath());
            assertThat(path.matches()).as(request.uri().toString()).isTrue();
            String group = path.group(1) == null ? "" : path.group(1);
            String call = verb(request, path.group(4) != null) + " " + path.group(3) + "." + group;
            (path.group(2) == null ? inCluster : inNamespace).add(call);
        }

        private static String verb(HttpRequest request, boolean one) {
            String query = String.valueOf(request.uri().getQuery());
            if (query.contains("watch=true")) {
                return "watch";
            }
            return switch (request.method()) {
                case "GET" -> one ? "get" : "list";
                case "POST" -> "create";
                case "PUT" -> "update";
                case "PATCH" -> "patch";
                case "DELETE" -> "delete";
                default -> request.method();
            };
        }
    }

    private static void reaches(
            int wanted, KubernetesTrainers trainers, List<JobTemplate> templates, SmallCluster cluster) {
        await().atMost(PATIENCE).until(() -> {
            trainers.round(templates, KubernetesTrainersTest.wanting(wanted), Instant.now());
            return cluster.jobs().size() == wanted;
        });
    }

    @Test
    void the_manifests_allow_what_is_called_and_nothing_else() throws Exception {
        Calls calls = new Calls();
        List<JobTemplate> templates = JobTemplate.read(
                Files.writeString(folder.resolve("job.yaml"), KubernetesTrainersTest.TEMPLATE), "nvidia.com/gpu");
        Rules rules = new Rules("nvidia.com/gpu", OptionalInt.of(1), 0, 1, Rules.Patience.USUAL);
        try (SmallCluster cluster = new SmallCluster();
                KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(cluster.client().getConfiguration())
                        .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("calls", calls))
                        .build();
                KubernetesTrainers trainers =
                        new KubernetesTrainers(client, SmallCluster.NAMESPACE, rules, () -> true, () -> {});
                Leadership leadership = new Leadership(
                        client, SmallCluster.NAMESPACE, "first", Duration.ofSeconds(2), System::nanoTime, () -> {})) {
            cluster.node("a", 1);
            leadership.stand();
            await().atMost(PATIENCE).until(leadership::leads);
            reaches(1, trainers, templates, cluster);
            reaches(0, trainers, templates, cluster);
            // The same rights are enough for an account that may read the namespace alone.
            trainers.rest();
            cluster.forbid("/api/v1/nodes");
            cluster.forbid("/api/v1/pods");
            reaches(1, trainers, templates, cluster);
            await().atMost(PATIENCE).until(() -> calls.inNamespace.contains("patch leases.coordination.k8s.io"));

            try (InputStream manifests = Files.newInputStream(Path.of("../k8s/base/access.yaml"))) {
                List<?> objects = cluster.client().load(manifests).items();
                assertThat(calls.inNamespace)
                        .isEqualTo(rights(only(objects, Role.class).flatMap(role -> role.getRules().stream())));
                assertThat(calls.inCluster)
                        .isEqualTo(rights(only(objects, ClusterRole.class).flatMap(role -> role.getRules().stream())));
            }
        }
    }

    private static <T> Stream<T> only(List<?> objects, Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast);
    }

    private static Set<String> rights(Stream<PolicyRule> rules) {
        Set<String> rights = new TreeSet<>();
        rules.forEach(rule -> rule.getApiGroups()
                .forEach(group -> rule.getResources()
                        .forEach(resource ->
                                rule.getVerbs().forEach(verb -> rights.add(verb + " " + resource + "." + group)))));
        return rights;
    }
}
