package pnas.orchestrator.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Trace contexts as texts, so that a row or a message can keep them: the {@code traceparent} of W3C. */
@ApplicationScoped
public class Traces {
    private static final String TRACEPARENT = "traceparent";
    private static final W3CTraceContextPropagator FORM = W3CTraceContextPropagator.getInstance();

    private final Tracer tracer;

    Traces(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("pnas");
    }

    /** The context of what this thread does now; absent where that is not traced. */
    public @Nullable String current() {
        return traceparent(Span.current());
    }

    /** The context of a span; absent where it is not traced. */
    public static @Nullable String traceparent(Span span) {
        String[] text = new String[1];
        FORM.inject(Context.root().with(span), text, (carrier, name, value) -> {
            if (carrier != null && name.equals(TRACEPARENT)) {
                carrier[0] = value;
            }
        });
        return text[0];
    }

    /**
     * Begins a span that sends something. The caller ends it.
     *
     * @param parent the context under which it stands; without one nothing is traced
     */
    public Span beginToSend(String name, @Nullable String parent) {
        if (parent == null) {
            return Span.getInvalid();
        }
        return tracer.spanBuilder(name)
                .setParent(FORM.extract(Context.root(), parent, new One()))
                .setSpanKind(SpanKind.PRODUCER)
                .startSpan();
    }

    /** A carrier that is a traceparent. */
    private static final class One implements TextMapGetter<String> {
        @Override
        public Iterable<String> keys(String traceparent) {
            return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String traceparent, String name) {
            return name.equals(TRACEPARENT) ? traceparent : null;
        }
    }
}
