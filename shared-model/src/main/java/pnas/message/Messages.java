package pnas.message;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.cell.Operation;
import pnas.engine.Engine;
import pnas.failure.ErrorCode;
import pnas.failure.PlainText;
import pnas.failure.PnasException;
import pnas.network.Layout;

/** Messages as JSON in UTF-8. Stateless and safe for use by many threads. */
public final class Messages {
    /** The most bytes that a record may have; a longer one is refused before it is read. */
    public static final int MAX_BYTES = 1 << 20;

    private static final int EXCERPT = 200;
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .annotationIntrospector(new PresentFields())
            .addModule(textForms())
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(20).build());
    }

    private Messages() {}

    /** The JSON of a message. */
    public static byte[] encode(Object message) {
        try {
            return JSON.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "not a message: " + message.getClass().getName(), e);
        }
    }

    /** The JSON of a value as a text, for columns and statements of a database. */
    public static String encodeText(Object value) {
        return new String(encode(value), StandardCharsets.UTF_8);
    }

    /**
     * The value that a text holds which {@link #encodeText} made.
     *
     * @throws PnasException as {@link #decode} does
     */
    public static <T> T decodeText(String json, Class<T> type) {
        return decode(json.getBytes(StandardCharsets.UTF_8), type);
    }

    /**
     * The message that a record's value holds.
     *
     * @throws PnasException with {@link ErrorCode#MALFORMED_MESSAGE} where the bytes are absent, too many, no JSON, or JSON that breaks a
     *     rule of the message; the text names the rule
     */
    public static <T> T decode(byte @Nullable [] value, Class<T> type) {
        if (value == null || value.length == 0) {
            throw malformed(type, "the record has no value", null);
        }
        if (value.length > MAX_BYTES) {
            throw malformed(
                    type, "the record has " + value.length + " bytes, at most " + MAX_BYTES + " are read", null);
        }
        try {
            T message = JSON.readValue(value, type);
            if (message == null) {
                throw malformed(type, "the record holds null", null);
            }
            return message;
        } catch (JsonProcessingException e) {
            throw malformed(type, e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw malformed(type, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The text forms of cells, blocks, operations, layouts, predictors and training settings, so that every JSON of the platform writes them alike: messages here, REST bodies
     * in the orchestrator.
     */
    public static SimpleModule textForms() {
        SimpleModule module = new SimpleModule("pnas-text-forms");
        addTextForm(module, Cell.class, Cell::text, Cell::parse);
        addTextForm(module, Block.class, Block::text, Block::parse);
        addTextForm(module, Operation.class, Operation::text, Operation::parse);
        addTextForm(module, TrainingSettings.Optimizer.class, "optimizer");
        addTextForm(module, TrainingSettings.Augmentation.class, "augmentation");
        addTextForm(module, TrainingSettings.Precision.class, "precision");
        addTextForm(module, Layout.Kind.class, "layout");
        addTextForm(module, PredictorName.class, "predictor");
        addTextForm(module, Fitting.class, "fitting");
        addTextForm(module, Engine.class, Engine::text, Engine::parse);
        return module;
    }

    /** The text form of a constant: its name in lower case, for instance {@code crop-flip}. */
    public static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The constant of this {@linkplain #text text}, if there is one. */
    public static <E extends Enum<E>> Optional<E> find(Class<E> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> text(constant).equals(text))
                .findFirst();
    }

    private static <E extends Enum<E>> void addTextForm(SimpleModule module, Class<E> type, String what) {
        addTextForm(module, type, Messages::text, text -> constant(type, what, text));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String what, String text) {
        return find(type, text)
                .orElseThrow(() -> new IllegalArgumentException("unknown " + what + " '" + excerpt(text) + "'"));
    }

    private static <T> void addTextForm(
            SimpleModule module, Class<T> type, Function<T, String> toText, Function<String, T> fromText) {
        module.addSerializer(type, new StdSerializer<>(type) {
            @Override
            public void serialize(T value, JsonGenerator generator, SerializerProvider provider) throws IOException {
                generator.writeString(toText.apply(value));
            }
        });
        module.addDeserializer(type, new JsonDeserializer<>() {
            @Override
            public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
                String text = parser.getValueAsString();
                if (text == null) {
                    return context.reportInputMismatch(type, "a text was expected");
                }
                try {
                    return fromText.apply(text);
                } catch (IllegalArgumentException e) {
                    return context.reportInputMismatch(type, "%s", e.getMessage());
                }
            }
        });
    }

    private static PnasException malformed(Class<?> type, String why, @Nullable Throwable cause) {
        return new PnasException(
                ErrorCode.MALFORMED_MESSAGE, "not a valid " + type.getSimpleName() + ": " + excerpt(why), cause);
    }

    private static String excerpt(String text) {
        return PlainText.excerpt(text, EXCERPT);
    }
}
