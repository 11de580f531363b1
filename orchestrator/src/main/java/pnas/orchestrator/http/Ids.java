package pnas.orchestrator.http;

import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import pnas.cell.CellId;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.orchestrator.access.KeyId;
import pnas.orchestrator.experiment.ExperimentId;

/** Makes ids of what stands in paths, before a resource sees it: nothing that is no id comes further. */
@Provider
final class Ids implements ParamConverterProvider {
    private static final Map<Class<?>, Function<String, ?>> FORMS = Map.of(
            ExperimentId.class, ExperimentId::parse,
            KeyId.class, KeyId::parse,
            CellId.class, Ids::cell);

    private static CellId cell(String text) {
        try {
            return new CellId(text);
        } catch (IllegalArgumentException e) {
            throw new PnasException(ErrorCode.NOT_FOUND, "there is no trial of such a cell: " + e.getMessage(), e);
        }
    }

    @Override
    public <T> @Nullable ParamConverter<T> getConverter(Class<T> type, Type generic, Annotation[] annotations) {
        Function<String, ?> form = FORMS.get(type);
        return form == null ? null : new Converter<>(type, form);
    }

    private record Converter<T>(Class<T> type, Function<String, ?> form) implements ParamConverter<T> {
        @Override
        public T fromString(String text) {
            return type.cast(form.apply(text));
        }

        @Override
        public String toString(T id) {
            return id.toString();
        }
    }
}
