package pnas.orchestrator.specification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static pnas.orchestrator.specification.Drafts.DIGITS;
import static pnas.orchestrator.specification.Drafts.NO_TRAINERS;
import static pnas.orchestrator.specification.Drafts.draft;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.cell.Operation;
import pnas.dataset.DataFolder;
import pnas.engine.Engine;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.failure.Problem;
import pnas.message.DataSet;
import pnas.message.Fitting;
import pnas.message.Messages;
import pnas.message.PredictorName;
import pnas.message.Replay;
import pnas.message.TrainingSettings;
import pnas.network.ImageShape;
import pnas.network.Layout;

class SpecificationDraftTest {
    @Test
    void fills_in_what_is_left_out() {
        Specification specification = draft("{}").read(DIGITS, NO_TRAINERS);

        assertThat(specification.title().name()).isEqualTo("unnamed");
        assertThat(specification.search().operations()).containsExactly(Operation.values());
        assertThat(specification.training()).isEqualTo(TrainingSettings.DEFAULT);
        assertThat(specification.ranking().predictor()).isEqualTo(PredictorName.GP);
        assertThat(specification.ranking().fitting()).isNull();
        assertThat(specification.execution().engine()).isEqualTo(Engine.TORCH);
        assertThat(specification.execution().replay()).isNull();
        assertThat(specification.share().maxParallelTrainings()).isNull();
        assertThat(specification.share().weight()).isEqualTo(1);
        assertThat(specification.share().priority()).isZero();
        assertThat(specification.search().strategy()).isEqualTo(new Strategy.Progressive());
        assertThat(specification.budget()).isEqualTo(Budget.UNLIMITED);
        assertThat(specification.execution().reuse()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'engine':'auto'}", "{'preset':'demo'}"})
    void an_engine_that_is_left_open_is_chosen_by_the_trainers_there_are(String json) {
        Supplier<EngineChoice> trainers = () -> new EngineChoice(List.of(), Set.of("vector"), false);

        assertThat(draft(json).read(DIGITS, trainers).execution().engine()).isEqualTo(Engine.VECTOR);
    }

    @Test
    void trainers_are_not_asked_for_where_the_engine_is_named() {
        Supplier<EngineChoice> nobody = () -> {
            throw new AssertionError("nobody asks");
        };

        assertThat(draft("{'engine':'torch'}").read(DIGITS, nobody).execution().engine())
                .isEqualTo(Engine.TORCH);
    }

    @Test
    void what_is_given_comes_before_the_preset() {
        Specification specification = draft("{'preset':'demo','beam':5,'training':{'epochs':2},'name':'mine'}")
                .read(DIGITS, NO_TRAINERS);

        assertThat(specification.search().beam()).isEqualTo(5);
        assertThat(specification.search().blocks()).isEqualTo(3);
        assertThat(specification.title().name()).isEqualTo("mine");
        assertThat(specification.training().epochs()).isEqualTo(2);
        assertThat(specification.training().batchSize())
                .isEqualTo(Drafts.preset("demo").training().batchSize());
    }

    @Test
    void confirms_only_where_it_is_asked_to_and_with_the_usual_numbers_where_they_are_left_out() {
        assertThat(draft("{}").read(DIGITS, NO_TRAINERS).search().confirm()).isNull();
        assertThat(draft("{'confirm':{}}").read(DIGITS, NO_TRAINERS).search().confirm())
                .isEqualTo(new Confirm(5, 3));
        assertThat(draft("{'beam':2,'confirm':{'seeds':1}}")
                        .read(DIGITS, NO_TRAINERS)
                        .search()
                        .confirm())
                .isEqualTo(new Confirm(2, 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {'confirm':{'cells':0}};                                          confirm.cells; must be 1 to 8, got 0
            {'confirm':{'seeds':0}};                                          confirm.seeds; must be 1 to 20, got 0
            {'confirm':{'seeds':21}};                                         confirm.seeds; must be 1 to 20, got 21
            {'beam':3,'confirm':{'cells':4}};                                 confirm.cells; must be 1 to 3, got 4
            {'blocks':1,'operations':['identity'],'confirm':{'cells':4}};     confirm.cells; must be 1 to 3, got 4
            {'strategy':'random','samples':2,'confirm':{'cells':3}};          confirm.cells; must be 1 to 2, got 3
            {'beam':0,'confirm':{'cells':4}};                                 beam;          must be 1 to 4096, got 0
            {'operations':['nothing'],'confirm':{'cells':4}};                 operations[0]; must be one of
            """)
    void refuses_to_confirm_nothing_or_more_than_there_is(String json, String field, String message) {
        PnasException refusal =
                catchThrowableOfType(PnasException.class, () -> draft(json).read(DIGITS, NO_TRAINERS));
        assertThat(refusal.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo(field);
            assertThat(problem.message()).startsWith(message);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp", "mlp-ensemble", "lstm", "lstm-ensemble"})
    void networks_may_be_fitted_either_way(String predictor) {
        for (String fitting : List.of("refit", "fine-tune")) {
            String json = "{'predictor':'" + predictor + "','fitting':'" + fitting + "'}";
            assertThat(draft(json).read(DIGITS, NO_TRAINERS).ranking().fitting())
                    .isEqualTo(Fitting.parse(fitting));
        }
    }

    @Test
    void takes_every_setting_of_a_training() {
        SpecificationDraft draft = draft("""
                {'training':{'optimizer':'rmsprop','learningRate':0.04,'momentum':0.8,'weightDecay':4e-5,'batchSize':32,'epochs':3,
                  'dropout':0.5,'labelSmoothing':0.1,'augmentation':'crop-flip','precision':'bf16-forced','threads':2}}""");
        assertThat(draft.read(DIGITS, NO_TRAINERS).training())
                .isEqualTo(new TrainingSettings(
                        TrainingSettings.Optimizer.RMSPROP,
                        0.04,
                        0.8,
                        4e-5,
                        32,
                        3,
                        0.5,
                        0.1,
                        TrainingSettings.Augmentation.CROP_FLIP,
                        TrainingSettings.Precision.BF16_FORCED,
                        2));
    }

    @Test
    void takes_as_many_images_as_asked_for_and_otherwise_all_of_them() {
        assertThat(read("{}")).isEqualTo(DataSet.digits(0));
        DataSet few = read("{'trainImages':100,'validationImages':50,'splitSeed':3,'training':{'batchSize':100}}");
        assertThat(few.training()).isEqualTo(100);
        assertThat(few.validation()).isEqualTo(50);
        assertThat(few.test()).isEqualTo(300);
        assertThat(few.contentHash()).isEqualTo(DataSet.digits(0).contentHash());
        assertThat(read("{'validationImages':97}").training()).isEqualTo(1400);
    }

    @Test
    void scales_a_folder_of_images_as_asked(@TempDir Path data) throws IOException {
        for (int image = 0; image < 10; image++) {
            for (String label : List.of("cats", "dogs")) {
                Path file =
                        Files.createDirectories(data.resolve("pets/" + label)).resolve(image + ".png");
                ImageIO.write(new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
            }
        }
        DataFolder folder = new DataFolder(data);
        String small = "'training':{'batchSize':8}}";

        DataSet pets =
                draft("{'dataset':'pets'," + small).read(folder, NO_TRAINERS).dataSet();
        assertThat(pets.image()).isEqualTo(new ImageShape(32, 32, 3));
        assertThat(pets.classes()).isEqualTo(2);
        assertThat(List.of(pets.training(), pets.validation(), pets.test())).containsExactly(16, 2, 2);
        assertThat(draft("{'dataset':'pets','image':'8x10x1'," + small)
                        .read(folder, NO_TRAINERS)
                        .dataSet()
                        .image())
                .isEqualTo(new ImageShape(8, 10, 1));
        assertThat(problems("{'dataset':'pets','image':'8x8x2'," + small, folder))
                .containsExactly("image: must be at most 1024x1024 with 1 or 3 channels, got 8x8x2");

        Files.writeString(data.resolve("pets/dogs/9.png"), "no picture");
        assertThat(problems("{'dataset':'pets'," + small, folder))
                .containsExactly("dataset: pets/dogs/9.png: is no PNG or JPEG image");
        Files.delete(data.resolve("pets/dogs/9.png"));
        Files.createDirectory(data.resolve("pets/dogs/9.png"));
        assertThat(problems("{'dataset':'pets'," + small, folder))
                .containsExactly(
                        "dataset: pets/dogs/9.png: a folder where an image should be, expected pets/CLASS/IMAGE");

        Files.createSymbolicLink(data.resolve("digits"), data.resolve("pets"));
        assertThat(problems("{'dataset':'digits'}", folder))
                .singleElement()
                .asString()
                .startsWith("dataset: the name 'digits' belongs to the data set that ships with PNAS, but "
                        + data.resolve("digits") + " has it too");
    }

    @Test
    void a_cell_whose_concatenation_overflows_an_index_is_refused() {
        DataSet large = new DataSet("pets", "0".repeat(64), new ImageShape(1024, 1024, 3), 2, 16, 2, 2, 0);
        NetworkShape network = new NetworkShape(Layout.Kind.CIFAR, 1, 512);
        Problems problems = new Problems();

        network.requireIndex("filters", 3, 1, large, problems);
        problems.refuse();
        network.requireIndex("filters", 5, 1, large, problems);

        assertThat(catchThrowableOfType(PnasException.class, problems::refuse).problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "filters: a feature map of 1 images must have at most 2147483647 numbers, and 5"
                                + " blocks of 512 filters make one of 1024x1024x2560 of each: fewer filters or blocks, a smaller batch or image fit");
    }

    private static List<String> problems(String json, DataFolder folder) {
        PnasException refusal =
                catchThrowableOfType(PnasException.class, () -> draft(json).read(folder, NO_TRAINERS));
        return refusal.problems().stream().map(Problem::toString).toList();
    }

    private static DataSet read(String json) {
        return draft(json).read(DIGITS, NO_TRAINERS).dataSet();
    }

    @Test
    void orders_operations_as_the_search_space_does() {
        assertThat(draft("{'operations':['max3x3','sep3x3']}")
                        .read(DIGITS, NO_TRAINERS)
                        .search()
                        .operations())
                .containsExactly(Operation.parse("sep3x3"), Operation.parse("max3x3"));
    }

    @Test
    void replays_the_oracle_unless_told_otherwise() {
        assertThat(draft("{'engine':'replay'}")
                        .read(DIGITS, NO_TRAINERS)
                        .execution()
                        .replay())
                .isEqualTo(new Replay(new Replay.Oracle(0, 0.004), null, null));
        assertThat(draft("{'engine':'replay','replay':{'oracle':{'seed':3},'seconds':2}}")
                        .read(DIGITS, NO_TRAINERS)
                        .execution()
                        .replay())
                .isEqualTo(new Replay(new Replay.Oracle(3, 0.004), null, 2.0));
        assertThat(draft("{'engine':'replay','replay':{'table':'cifar.csv'}}")
                        .read(DIGITS, NO_TRAINERS)
                        .execution()
                        .replay())
                .isEqualTo(new Replay(null, "cifar.csv", null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    {'blocks':0};                       blocks;                 must be 1 to 5, got 0
                    {'blocks':6};                       blocks;                 must be 1 to 5, got 6
                    {'beam':0};                         beam;                   must be 1 to 4096, got 0
                    {'beam':4097};                      beam;                   must be 1 to 4096, got 4097
                    {'operations':[]};                  operations;             must name at least one operation
                    {'operations':['sep3x3','conv9']};  operations[1];          got 'conv9'
                    {'operations':['sep3x3','sep3x3']}; operations[1];          must not name 'sep3x3' twice
                    {'dataset':'imagenet'};             dataset;                there is no data set 'imagenet' in
                    {'dataset':'../digits'};            dataset;                must be a name of letters, digits, '.', '_' and '-', got '../digits'
                    {'dataset':''};                     dataset;                got ''
                    {'image':'32x32x3'};                image;                  digits has images of 8x8x1, got 32x32x3
                    {'image':'32'};                     image;                  must be height x width x channels like 32x32x3, got 32
                    {'trainImages':0};                  trainImages;            must be 1 to 1200, got 0
                    {'trainImages':1201};               trainImages;            must be 1 to 1200, got 1201
                    {'validationImages':0};             validationImages;       must be 1 to 1496, got 0
                    {'validationImages':1497};          validationImages;       must be 1 to 1496, got 1497
                    {'preset':'huge'};                  preset;                 must be one of demo, slides, paper, got 'huge'
                    {'strategy':'greedy'};              strategy;               must be one of progressive, random, got 'greedy'
                    {'samples':5};                      samples;                goes with strategy random only, got strategy 'progressive'
                    {'strategy':'random','samples':0};  samples;                must be 1 to 10000, got 0
                    {'probes':3};                       probes;                 must be 0, since this version measures none, got 3
                    {'budget':{'trainings':0}};         budget.trainings;       must be 1 to 1000000, got 0
                    {'budget':{'trainerSeconds':0}};    budget.trainerSeconds;  must be 1 to 1000000000, got 0
                    {'budget':{'wallClockSeconds':-1}}; budget.wallClockSeconds; must be 1 to 1000000000, got -1
                    {'predictor':'oracle'};             predictor;              must be one of gp, blend, mlp, mlp-ensemble, lstm, lstm-ensemble, got 'oracle'
                    {'predictor':'mlp','fitting':'grow'};       fitting;        must be one of refit, fine-tune, got 'grow'
                    {'predictor':'gp','fitting':'fine-tune'};   fitting;        must be refit, as predictor gp has no weights to start from, got 'fine-tune'
                    {'fitting':'grow'};                         fitting;        must be one of refit, fine-tune, got 'grow'
                    {'engine':'cuda'};                  engine;                 must be one of auto, torch, vector, dl4j, replay, got 'cuda'
                    {'layout':'vgg'};                   layout;                 must be one of cifar, slides, imagenet, got 'vgg'
                    {'layout':'imagenet'};              layout;                 needs one of at least 17x17, got 8x8
                    {'repetitions':0};                  repetitions;            must be 1 to 64, got 0
                    {'filters':4097};                   filters;                must be 1 to 4096, got 4097
                    {'training':{'optimizer':'lamb'}};  training.optimizer;     must be one of sgd, adam, rmsprop, got 'lamb'
                    {'training':{'learningRate':0}};    training.learningRate;  got 0
                    {'training':{'momentum':1}};        training.momentum;      must be 0 to 0.9999, got 1
                    {'training':{'weightDecay':-1}};    training.weightDecay;   must be 0 to 1, got -1
                    {'training':{'batchSize':1201}};    training.batchSize;     must be 1 to 1200, got 1201
                    {'training':{'epochs':0}};          training.epochs;        must be 1 to 10000, got 0
                    {'training':{'dropout':1}};         training.dropout;       must be 0 to 0.99, got 1
                    {'training':{'labelSmoothing':0.6}};    training.labelSmoothing;    must be 0 to 0.5, got 0.6
                    {'training':{'augmentation':'cutout'}}; training.augmentation;      must be one of none, crop-flip, got 'cutout'
                    {'training':{'precision':'fp16'}};      training.precision;         must be one of fp32, bf16, bf16-forced, got 'fp16'
                    {'training':{'threads':0}};         training.threads;       must be 1 to 256, got 0
                    {'maxParallelTrainings':0};         maxParallelTrainings;   must be 1 to 100000, got 0
                    {'weight':0};                       weight;                 must be 1 to 1000, got 0
                    {'priority':101};                   priority;               must be -100 to 100, got 101
                    {'name':'  '};                      name;                   must be 1 to 100 characters
                    {'replay':{'table':'a'}};           replay;                 goes with engine replay only
                    {'engine':'replay','replay':{'table':'../a'}};              replay.table;           got '../a'
                    {'engine':'replay','replay':{'table':'a','oracle':{}}};     replay;                 got both
                    {'engine':'replay','replay':{'oracle':{'sigma':2}}};        replay.oracle.sigma;    must be 0 to 1, got 2
                    {'engine':'replay','replay':{'seconds':-1}};                replay.seconds;         must be 0 to 86400, got -1
                    """)
    void names_the_field_what_was_expected_and_what_was_given(String json, String field, String message) {
        assertThatThrownBy(() -> draft(json).read(DIGITS, NO_TRAINERS))
                .isInstanceOfSatisfying(PnasException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT);
                    assertThat(e.problems()).extracting(Problem::field).containsExactly(field);
                    assertThat(e.problems().getFirst().message()).contains(message);
                });
    }

    @Test
    void reports_all_problems_at_once() {
        assertThatThrownBy(
                        () -> draft("{'blocks':9,'beam':-1,'operations':['x','y'],'training':{'epochs':0,'threads':0}}")
                                .read(DIGITS, NO_TRAINERS))
                .isInstanceOfSatisfying(
                        PnasException.class,
                        e -> assertThat(e.problems())
                                .extracting(Problem::field)
                                .containsExactlyInAnyOrder(
                                        "blocks",
                                        "beam",
                                        "operations[0]",
                                        "operations[1]",
                                        "training.epochs",
                                        "training.threads"));
    }

    @Test
    void shortens_what_it_quotes() {
        String name = IntStream.range(0, 5000).mapToObj(i -> "x").collect(Collectors.joining());
        assertThatThrownBy(() -> draft("{'engine':'" + name + "'}").read(DIGITS, NO_TRAINERS))
                .isInstanceOfSatisfying(
                        PnasException.class,
                        e -> assertThat(e.problems().getFirst().message()).hasSizeLessThan(200));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'preset':'demo'}",
                "{'preset':'slides','dataset':'digits'}",
                "{'preset':'paper','dataset':'digits'}",
                "{'strategy':'random','weight':3,'maxParallelTrainings':4,'budget':{'trainings':7}}",
                "{'strategy':'random','samples':9,'engine':'replay','reuse':false,'splitSeed':8}",
                "{'predictor':'mlp','fitting':'refit','layout':'slides','filters':3,'repetitions':1}"
            })
    void reads_back_what_its_json_keeps(String json) {
        Specification specification = Drafts.specification(json);
        assertThat(Messages.decode(Messages.encode(specification), Specification.class))
                .isEqualTo(specification);
    }

    @Test
    void its_json_is_flat() {
        assertThat(new String(Messages.encode(Drafts.specification("{'strategy':'random','samples':9}")), UTF_8))
                .contains(
                        "\"name\":\"unnamed\"",
                        "\"dataset\":\"digits\"",
                        "\"strategy\":\"random\"",
                        "\"samples\":9",
                        "\"layout\":\"cifar\"",
                        "\"predictor\":\"gp\"",
                        "\"engine\":\"torch\"",
                        "\"weight\":1",
                        "\"splitSeed\":0")
                .doesNotContain("title", "search", "network", "ranking", "execution", "share");
    }
}
