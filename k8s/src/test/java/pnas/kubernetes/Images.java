package pnas.kubernetes;

import java.util.Collection;
import java.util.stream.Stream;

/** Images mean the same tomorrow, and are named in one place. */
final class Images {
    private Images() {}

    static Stream<String> breaches(Rendering rendering) {
        Collection<Object> listed = Project.images().values();
        return rendering.workloads().stream()
                .flatMap(workload -> workload.containers().stream()
                        .map(container -> container.path("image").asText())
                        .flatMap(image -> Stream.of(
                                        isPinned(image) ? "" : "has neither a digest nor a tag other than latest",
                                        listed.contains(image) ? "" : "does not stand in images.properties",
                                        image.startsWith("pnas/") && !image.endsWith(":" + Project.version())
                                                ? "is not of the version " + Project.version()
                                                : "")
                                .filter(breach -> !breach.isEmpty())
                                .map(breach -> workload.title() + ": the image " + image + " " + breach)));
    }

    static boolean isPinned(String image) {
        return image.matches(".+@sha256:[0-9a-f]{64}") || image.matches(".+:(?!latest$)[A-Za-z0-9_][A-Za-z0-9._-]*");
    }
}
