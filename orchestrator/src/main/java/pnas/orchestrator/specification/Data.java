package pnas.orchestrator.specification;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pnas.dataset.Contents;
import pnas.dataset.DataFolder;
import pnas.failure.FailureKind;
import pnas.failure.PnasException;
import pnas.message.DataSet;
import pnas.network.ImageShape;
import pnas.orchestrator.specification.Specification.Line;

/** What an experiment learns: the settings that a {@link DataSet} follows from. */
public final class Data {
    static final Set<String> FIELDS = Set.of("dataset", "image", "trainImages", "validationImages");

    private Data() {}

    /**
     * What somebody wrote of the data.
     *
     * @param dataset name of the data set
     * @param image what the images of a folder are scaled to, for instance {@code 32x32x3}
     * @param trainImages images in the training part; all that are left by default
     * @param validationImages images in the validation part
     * @param splitSeed seed of the split
     */
    public record Draft(
            @Nullable String dataset,
            @Nullable String image,
            @Nullable Integer trainImages,
            @Nullable Integer validationImages,
            @Nullable Long splitSeed) {}

    /** The data set, or the digits where there is something wrong with it. */
    static DataSet read(Given<Draft> given, DataFolder folder) {
        Problems problems = given.problems();
        long splitSeed = given.value(Draft::splitSeed, 0L);
        DataSet instead = DataSet.digits(splitSeed);
        String name = given.value(Draft::dataset, DataSet.DIGITS);
        if (!DataFolder.isName(name)) {
            problems.add(
                    "dataset",
                    "must be a name of letters, digits, '.', '_' and '-', got '" + Problems.excerpt(name) + "'");
            return instead;
        }
        ImageShape image = image(given);
        Contents contents = image == null ? null : contents(name, image, folder, problems);
        if (image == null || contents == null) {
            return instead;
        }
        if (given.own() != null
                && given.own().image() != null
                && !contents.image().equals(image)) {
            problems.add("image", name + " has images of " + contents.image() + ", got " + image);
        }
        int validation = problems.between(
                "validationImages",
                given.value(Draft::validationImages, contents.validation()),
                1,
                contents.trainable() - 1);
        int rest = Math.max(1, contents.trainable() - validation);
        int training = problems.between("trainImages", given.value(Draft::trainImages, rest), 1, rest);
        return problems.areIn(FIELDS) ? instead : contents.dataSet(name, training, validation, splitSeed);
    }

    private static @Nullable ImageShape image(Given<Draft> given) {
        try {
            return ImageShape.parse(given.value(Draft::image, DataFolder.DEFAULT_IMAGE.toString()));
        } catch (IllegalArgumentException e) {
            given.problems().add("image", Problems.excerpt(e.getMessage()));
            return null;
        }
    }

    private static @Nullable Contents contents(String name, ImageShape image, DataFolder folder, Problems problems) {
        try {
            return folder.describe(name, image);
        } catch (IllegalArgumentException e) {
            problems.add("image", String.valueOf(e.getMessage()));
            return null;
        } catch (PnasException e) {
            if (e.code().kind() != FailureKind.USER_ERROR) {
                throw e;
            }
            problems.add("dataset", String.valueOf(e.getMessage()));
            return null;
        }
    }

    static Line line(DataSet dataSet) {
        return new Line(
                "Data",
                String.format(
                        Locale.ROOT,
                        "%s: %,d training and %,d validation images, %d classes",
                        dataSet.name(),
                        dataSet.training(),
                        dataSet.validation(),
                        dataSet.classes()));
    }
}
