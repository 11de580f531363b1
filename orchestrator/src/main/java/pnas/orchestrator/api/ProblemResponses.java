package pnas.orchestrator.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.http.ProblemDocument;
import pnas.orchestrator.report.ExperimentView;
import pnas.orchestrator.report.Plan;

/** Adds to the description of the REST interface what is so everywhere: that a problem may be answered instead, and which values may be null. */
public final class ProblemResponses implements OASFilter {
    private static final List<Class<?>> RESOURCES =
            List.of(ExperimentResource.class, TrialResource.class, KeyResource.class, TrainerResource.class);
    /** Those that stand in a response of no type. */
    private static final List<Class<?>> ENTITIES = List.of(ExperimentView.class, Plan.class, KeyResource.NewKey.class);

    @Override
    public Operation filterOperation(Operation operation) {
        operation
                .getResponses()
                .setDefaultValue(OASFactory.createAPIResponse()
                        .description("Why not")
                        .content(OASFactory.createContent()
                                .addMediaType(
                                        ProblemDocument.MEDIA_TYPE,
                                        OASFactory.createMediaType()
                                                .schema(OASFactory.createSchema()
                                                        .ref("#/components/schemas/ProblemDocument")))));
        return operation;
    }

    @Override
    public void filterOpenAPI(OpenAPI description) {
        Map<String, Schema> schemas = description.getComponents().getSchemas();
        Set<String> seen = new HashSet<>();
        for (Class<?> resource : RESOURCES) {
            for (Method method : resource.getDeclaredMethods()) {
                describe(method.getReturnType(), method.getReturnType().getSimpleName(), schemas, seen);
            }
        }
        ENTITIES.forEach(entity -> describe(entity, entity.getSimpleName(), schemas, seen));
    }

    /** Says what of a record, and of those in it, may be null; one that is written as a text has no properties. */
    private static void describe(Type type, String name, Map<String, Schema> schemas, Set<String> seen) {
        Schema schema = schemas.get(name);
        if (!(type instanceof Class<?> one)
                || !one.isRecord()
                || schema == null
                || schema.getProperties() == null
                || !seen.add(name)) {
            return;
        }
        describe(one, schema, schemas, seen);
    }

    private static void describe(Class<?> type, Schema schema, Map<String, Schema> schemas, Set<String> seen) {
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
                describe(component.getType(), schema, schemas, seen);
            }
            Schema property = schema.getProperties().get(component.getName());
            if (property == null) {
                continue;
            }
            Schema element = property.getItems() == null ? property : property.getItems();
            Type inside = component.getGenericType() instanceof ParameterizedType list
                    ? list.getActualTypeArguments()[0]
                    : component.getType();
            if (element.getRef() != null) {
                describe(inside, element.getRef().substring(element.getRef().lastIndexOf('/') + 1), schemas, seen);
            }
            if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                schema.addProperty(
                        component.getName(),
                        OASFactory.createSchema()
                                .addAnyOf(property)
                                .addAnyOf(OASFactory.createSchema().addType(Schema.SchemaType.NULL)));
            }
        }
    }
}
