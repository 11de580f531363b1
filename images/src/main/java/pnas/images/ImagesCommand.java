package pnas.images;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command that builds the images. */
@Command(
        name = "pnas images",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Builds the container images of the services, without a container engine.")
final class ImagesCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private @Nullable Target target;

    @Option(
            names = "--base",
            paramLabel = "IMAGE",
            description =
                    "image that all are built on: a reference, or tar:FILE (default: base.java, base.cuda-13.1 or base.cuda-11.6 of k8s/images.properties)")
    private @Nullable String base;

    @Option(
            names = "--sbom",
            paramLabel = "FOLDER",
            description =
                    "write what is in each to FOLDER/NAME.cdx.json (default: the folder of --tar, for --push target/images)")
    private @Nullable Path sbom;

    @Parameters(
            paramLabel = "NAME",
            description =
                    "the images to build: orchestrator, predictor, trainer-vector, trainer-torch, and for GPUs trainer-torch-cuda, trainer-dl4j-cuda (default: all)")
    private List<String> names =
            ServiceImage.ALL.stream().map(ServiceImage::name).toList();

    /** Where the images go. */
    private static final class Target {
        @Option(names = "--push", paramLabel = "REPOSITORY", description = "push them as REPOSITORY/NAME:VERSION")
        private @Nullable String repository;

        @Option(names = "--tar", paramLabel = "FOLDER", description = "write each to FOLDER/NAME.tar")
        private @Nullable Path folder;
    }

    private ImagesCommand() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** The exit status. */
    static int run(String... arguments) {
        return new CommandLine(new ImagesCommand())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("pnas images: " + failure.getMessage());
                    return 1;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws Exception {
        Path install = Path.of(requireNonNull(System.getProperty("pnas.install"), "pnas.install"));
        Properties images = read(install.resolve("k8s/images.properties"));
        for (String name : names) {
            ServiceImage image = ServiceImage.ALL.stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no image is called '" + name + "': there are "
                            + ServiceImage.ALL.stream().map(ServiceImage::name).toList()));
            String from = base == null ? ServiceImage.reference(images, image.base()) : base;
            build(image, from, ImageReference.parse(ServiceImage.reference(images, name)), install);
        }
        return 0;
    }

    private void build(ServiceImage image, String from, ImageReference reference, Path install) throws Exception {
        Target to = requireNonNull(target);
        Path work = Files.createTempDirectory("pnas-image");
        try {
            Parts parts = new Parts(work);
            if (image.childOptions().isPresent()) {
                parts.takeNatives(image.application(install).resolve("lib/main"));
            }
            if (image.isForCuda()) {
                parts.makeJava(install.resolve("images/java-runtime.sh"));
            }
            Path bills = requireNonNullElse(sbom, requireNonNullElse(to.folder, install.resolve("target/images")));
            Files.createDirectories(bills);
            Path folder = to.folder;
            if (folder != null) {
                Files.createDirectories(folder);
                Path file = folder.resolve(image.name() + ".tar");
                image.build(
                        ServiceImage.on(from),
                        install,
                        parts,
                        Containerizer.to(TarImage.at(file).named(reference)).setOfflineMode(from.startsWith("tar:")));
                System.out.printf(Locale.ROOT, "%s %s, %d MB%n", reference, file, Files.size(file) / 1_000_000);
            } else {
                ImageReference pushed = ImageReference.parse(to.repository + "/" + image.name() + ":"
                        + reference.getTag().orElseThrow());
                image.build(
                        ServiceImage.on(from),
                        install,
                        parts,
                        Containerizer.to(RegistryImage.named(pushed)
                                .addCredentialRetriever(CredentialRetrieverFactory.forImage(pushed, event -> {})
                                        .dockerConfig())));
                System.out.println(pushed);
            }
            Files.copy(
                    image.billOfMaterials(install),
                    bills.resolve(image.name() + ".cdx.json"),
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            remove(work);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (var tree = Files.walk(folder)) {
            for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }
}
