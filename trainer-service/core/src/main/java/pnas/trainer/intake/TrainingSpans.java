package pnas.trainer.intake;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.AttemptRef;

/** A span for each training, under the dispatch of its job. Does nothing for a job that is not traced. */
@Singleton
final class TrainingSpans {
    private static final String TRACEPARENT = "traceparent";

    private final Tracer tracer;

    TrainingSpans(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("pnas");
    }

    /** Begins the span of a training. The caller ends it. */
    Span begin(TrainingJob job, AttemptRef attempt) {
        if (job.traceparent() == null) {
            return Span.getInvalid();
        }
        Context dispatch = W3CTraceContextPropagator.getInstance().extract(Context.root(), job, new Carrier());
        return tracer.spanBuilder("training")
                .setParent(dispatch)
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute("pnas.experiment", job.experimentId())
                .setAttribute("pnas.trial", attempt.trialId())
                .setAttribute("pnas.attempt", attempt.number())
                .setAttribute("pnas.worker", attempt.worker())
                .startSpan();
    }

    /** The job carries the context of its dispatch. */
    private static final class Carrier implements TextMapGetter<TrainingJob> {
        @Override
        public Iterable<String> keys(TrainingJob job) {
            return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable TrainingJob job, String name) {
            return job != null && name.equals(TRACEPARENT) ? job.traceparent() : null;
        }
    }
}
