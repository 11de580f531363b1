-- What happened, in order: pages and command lines follow it by server-sent events, the id is the Last-Event-ID.
-- An event is appended in the transaction of its transition and under the row lock of its experiment, so that the ids of an experiment become
-- visible in their order: a reader that has read up to an id has missed none before it.

create table event (
    id              bigint      generated always as identity primary key,
    experiment_id   text        not null references experiment (id),
    at              timestamptz not null default now(),
    type            text        not null,
    -- The trial it is about, null where it is about the experiment or a stage.
    trial_id        text,
    body            jsonb       not null
);

create index event_of_experiment on event (experiment_id, id);
