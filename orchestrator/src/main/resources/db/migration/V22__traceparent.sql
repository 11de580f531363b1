-- The trace context (W3C traceparent) of the request that created the experiment, where tracing was on: its jobs are sent, and its trainings run, under it.

alter table experiment add column traceparent text;
