-- An experiment and its stages. States are text with a named check, so that a new state is a migration that says so.

create table experiment (
    id              text        primary key constraint experiment_id_form check (id ~ '^[a-z0-9]{8}$'),
    name            text        not null,
    state           text        not null constraint experiment_state check
                                (state in ('RUNNING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELLED')),
    -- Why it is in this state, in words, where the state alone does not say it.
    cause           text,
    -- The validated experiment with every default filled in, as REST shows it.
    specification   jsonb       not null,
    engine          text        not null,
    seed            bigint      not null,
    max_parallel    integer     constraint experiment_max_parallel check (max_parallel > 0),
    created_at      timestamptz not null default now(),
    finished_at     timestamptz
);

-- Serves the list: newest first, filtered by state.
create index experiment_by_creation on experiment (created_at desc, id desc);

create table stage (
    experiment_id       text        not null references experiment (id),
    number              integer     not null constraint stage_number check (number between 1 and 5),
    state               text        not null constraint stage_state check
                                    (state in ('EXPANDING', 'RANKING', 'TRAINING', 'DONE')),
    -- Distinct cells that the stage chose from.
    candidates          integer,
    -- The request to rank them: sent again under the same id until an answer comes or the tries are used up.
    request_id          uuid        unique,
    request_tries       integer     not null default 0,
    request_sent_at     timestamptz,
    -- Where somebody works at expanding or sending: until then nobody else does.
    working_until       timestamptz,
    -- What the predictor answered: histogram of all scores, quality within the stage it learnt last, seconds.
    ranking             jsonb,
    -- Predicted against measured, once the stage is done.
    quality             jsonb,
    created_at          timestamptz not null default now(),
    training_since      timestamptz,
    finished_at         timestamptz,
    primary key (experiment_id, number)
);

-- Serves whoever looks for stages to expand, to send, or to send again.
create index stage_open_work on stage (state) where state in ('EXPANDING', 'RANKING');
