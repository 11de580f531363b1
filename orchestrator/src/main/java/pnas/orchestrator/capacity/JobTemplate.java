package pnas.orchestrator.capacity;

import com.fasterxml.jackson.databind.JsonMappingException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import pnas.engine.Engine;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.input.InputFile;

/** The Job that the trainers of an engine are made from. What the controller relies on is set whatever the file says. */
final class JobTemplate {
    /** On every Job and pod that is made here; what is watched for. */
    static final Map<String, String> MARK = Map.of("app.kubernetes.io/managed-by", "pnas-orchestrator");

    /** Names the engine on a Job and its pod. */
    static final String ENGINE = "pnas.engine";

    /** Says on a Job from which template it was made: another one for each change. */
    static final String REVISION = "pnas.template";

    /** With this label a queue of Kueue decides when a Job may start. */
    private static final String QUEUE = "kueue.x-k8s.io/queue-name";

    private static final String SPEC = "spec.template.spec";
    private static final int REVISION_DIGITS = 16;
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final String FIRST_ENGINE = Engine.TORCH.text();
    private static final int MOST_BYTES = 1 << 20;
    private static final int KEPT_SECONDS = 600;
    private static final Map<String, String> DO_NOT_DISTURB =
            Map.of("karpenter.sh/do-not-disrupt", "true", "cluster-autoscaler.kubernetes.io/safe-to-evict", "false");

    private final Job job;
    private final String revision;

    private JobTemplate(Job job) {
        this.job = job;
        this.revision = DigestUtils.sha256Hex(YAML.asJson(job)).substring(0, REVISION_DIGITS);
    }

    /**
     * Reads the Jobs of a file.
     *
     * @param resource what each must request
     * @throws PnasException with what is wrong with it
     */
    static List<JobTemplate> read(Path file, String resource) {
        String setting = "pnas.capacity.job-template: the file " + file;
        String text = new InputFile(file, setting, ErrorCode.INVALID_INPUT).text(MOST_BYTES);
        List<String> documents = Arrays.stream(text.split("(?m)^---.*$"))
                .filter(document -> document.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#")))
                .toList();
        if (documents.isEmpty()) {
            throw invalid(setting + " is empty, expected a batch/v1 Job");
        }
        List<JobTemplate> templates = new ArrayList<>();
        for (String document : documents) {
            String where = documents.size() == 1 ? setting : setting + ", document " + (templates.size() + 1);
            JobTemplate template = parse(where, document);
            template.check(where, resource);
            templates.add(template);
        }
        if (templates.stream().map(JobTemplate::engine).distinct().count() < templates.size()) {
            throw invalid(setting + " has two Jobs for the same engine; their metadata.labels." + ENGINE
                    + " tell them apart");
        }
        return templates;
    }

    private static JobTemplate parse(String where, String document) {
        try {
            if (YAML.unmarshal(document) instanceof Job job) {
                return new JobTemplate(job);
            }
        } catch (KubernetesClientException | IllegalArgumentException e) {
            throw invalid(Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
                    .filter(JsonMappingException.class::isInstance)
                    .map(JsonMappingException.class::cast)
                    .map(JobTemplate::path)
                    .filter(path -> !path.isEmpty())
                    .findFirst()
                    .map(path -> where + ": " + path + " has another form than in a batch/v1 Job")
                    .orElseGet(() -> where + " is no Job: " + e.getMessage()));
        }
        throw invalid(where + " holds something else than a batch/v1 Job");
    }

    private static String path(JsonMappingException failure) {
        StringBuilder path = new StringBuilder();
        failure.getPath()
                .forEach(step -> path.append(
                        step.getFieldName() == null
                                ? "[" + step.getIndex() + "]"
                                : (path.isEmpty() ? "" : ".") + step.getFieldName()));
        return path.toString();
    }

    private void check(String where, String resource) {
        if (!Engine.texts().contains(engine())) {
            throw invalid(
                    where + ": metadata.labels." + ENGINE + " must be one of " + Engine.texts() + ", got " + engine());
        }
        if (job.getMetadata() == null || job.getMetadata().getName() == null) {
            throw invalid(where + ": metadata.name is missing");
        }
        if (spec().getContainers().isEmpty()) {
            throw invalid(where + ": " + SPEC + ".containers is missing");
        }
        checkAmounts(where + ": " + SPEC + ".resources", spec().getResources());
        checkAmounts(where + ": " + SPEC + ".overhead", spec().getOverhead());
        checkAmounts(where + ": " + SPEC + ".containers", spec().getContainers());
        checkAmounts(where + ": " + SPEC + ".initContainers", spec().getInitContainers());
        if (ClusterReading.request(spec(), resource) == 0) {
            throw invalid(where + ": " + SPEC + ".containers: none requests " + resource
                    + ", which pnas.capacity.resource names");
        }
        try {
            var _ = ClusterReading.affinity(spec());
        } catch (IllegalArgumentException e) {
            throw invalid(where + ": " + SPEC + ".affinity.nodeAffinity." + e.getMessage());
        }
    }

    private static void checkAmounts(String path, List<Container> containers) {
        for (int number = 0; number < containers.size(); number++) {
            checkAmounts(
                    path + "[" + number + "].resources", containers.get(number).getResources());
        }
    }

    private static void checkAmounts(String path, @Nullable ResourceRequirements resources) {
        if (resources != null) {
            checkAmounts(path + ".requests", resources.getRequests());
            checkAmounts(path + ".limits", resources.getLimits());
        }
    }

    private static void checkAmounts(String path, @Nullable Map<String, Quantity> amounts) {
        if (amounts == null) {
            return;
        }
        amounts.forEach((name, amount) -> {
            try {
                if (amount.getNumericalAmount().signum() >= 0) {
                    return;
                }
            } catch (IllegalArgumentException | ArithmeticException e) {
                // Said below, as for one that is too small.
            }
            throw invalid(path + "." + name + " must be a quantity such as 2, 500m or 4Gi, got " + amount);
        });
    }

    String engine() {
        return labels().getOrDefault(ENGINE, FIRST_ENGINE);
    }

    String revision() {
        return revision;
    }

    private Map<String, String> labels() {
        return job.getMetadata() == null
                ? Map.of()
                : Objects.requireNonNullElse(job.getMetadata().getLabels(), Map.of());
    }

    Pool pool(String resource, long trainings) {
        return new Pool(
                engine(),
                job.getMetadata().getName(),
                ClusterReading.request(spec(), resource),
                Objects.requireNonNullElse(spec().getNodeSelector(), Map.of()),
                ClusterReading.affinity(spec()),
                ClusterReading.tolerations(spec()),
                trainings,
                new Pool.Made(revision, labels().containsKey(QUEUE)));
    }

    private PodSpec spec() {
        if (job.getSpec() == null
                || job.getSpec().getTemplate() == null
                || job.getSpec().getTemplate().getSpec() == null) {
            return new PodSpec();
        }
        return job.getSpec().getTemplate().getSpec();
    }

    /** The Job of one trainer. */
    Job named(String name, String namespace) {
        Map<String, String> marks = new HashMap<>(MARK);
        marks.put(ENGINE, engine());
        marks.put(REVISION, revision);
        Job made = new JobBuilder(job)
                .editMetadata()
                .withName(name)
                .withNamespace(namespace)
                .addToLabels(marks)
                .endMetadata()
                .editSpec()
                .withBackoffLimit(0)
                .withParallelism(1)
                .withCompletions(1)
                .editTemplate()
                .editOrNewMetadata()
                .addToLabels(marks)
                .addToAnnotations(DO_NOT_DISTURB)
                .endMetadata()
                .editSpec()
                .withRestartPolicy("Never")
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
        if (made.getSpec().getTtlSecondsAfterFinished() == null) {
            made.getSpec().setTtlSecondsAfterFinished(KEPT_SECONDS);
        }
        PodTemplateSpec pod = made.getSpec().getTemplate();
        pod.getSpec().getContainers().forEach(JobTemplate::complete);
        return made;
    }

    /** A trainer is known by the name of its pod, and leaves when it is idle. */
    private static void complete(Container container) {
        List<EnvVar> variables = new ArrayList<>(container.getEnv());
        add(
                variables,
                "PNAS_TRAINER_WORKER",
                () -> new EnvVarBuilder()
                        .withName("PNAS_TRAINER_WORKER")
                        .withNewValueFrom()
                        .withNewFieldRef()
                        .withFieldPath("metadata.name")
                        .endFieldRef()
                        .endValueFrom()
                        .build());
        add(
                variables,
                "PNAS_TRAINER_IDLE_EXIT",
                () -> new EnvVarBuilder()
                        .withName("PNAS_TRAINER_IDLE_EXIT")
                        .withValue("60s")
                        .build());
        container.setEnv(variables);
    }

    private static void add(List<EnvVar> variables, String name, Supplier<EnvVar> variable) {
        if (variables.stream().noneMatch(each -> name.equals(each.getName()))) {
            variables.add(variable.get());
        }
    }

    private static PnasException invalid(String message) {
        return new PnasException(ErrorCode.INVALID_INPUT, message);
    }
}
