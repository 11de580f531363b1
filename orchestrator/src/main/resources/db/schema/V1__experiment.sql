-- An experiment. States are text with a named check, so that a new state is a migration that says so.

create table experiment (
    id                  text        primary key constraint experiment_id_form check (id ~ '^[a-z0-9]{8}$'),
    name                text        not null,
    state               text        not null constraint experiment_state check
                                    (state in ('RUNNING', 'PAUSED', 'COMPLETED', 'STOPPED', 'FAILED', 'CANCELLED')),
    -- Why it is in this state, in words, where the state alone does not say it.
    cause               text,
    -- The validated specification with every default filled in, as REST shows it; what queries ask of it stands in columns of its own.
    specification       jsonb       not null,
    engine              text        not null,
    seed                bigint      not null,
    max_parallel        integer     constraint experiment_max_parallel check (max_parallel > 0),
    -- The dispatcher sends no more than are left.
    budget_trainings    integer     constraint experiment_budget_trainings check (budget_trainings > 0),
    reuse               boolean     not null default false,
    weight              integer     not null default 1 constraint experiment_weight check (weight between 1 and 1000),
    priority            integer     not null default 0 constraint experiment_priority check (priority between -100 and 100),
    -- Trainings that were sent for its weight, as fair queueing counts them: the experiment with the least is next.
    turn                double precision not null default 0,
    -- How long it ran before running_since, pauses not counted; running_since is null while it does not run.
    running_seconds     double precision not null default 0,
    running_since       timestamptz,
    -- Counts, changed in the transaction that changes what they count.
    -- Trials that are dispatched or running.
    trials_out          bigint      not null default 0 constraint experiment_trials_out check (trials_out >= 0),
    -- Attempts that were granted and have not ended.
    attempts_granted    bigint      not null default 0 constraint experiment_attempts_granted check (attempts_granted >= 0),
    -- Attempts that were granted, whatever became of them: a budget pays for these.
    attempts_charged    bigint      not null default 0 constraint experiment_attempts_charged check (attempts_charged >= 0),
    -- How long the charged attempts took that have ended, each from its claim to its end. How long those have taken that go on follows from their
    -- number, the time now and when they were claimed.
    ended_millis        bigint      not null default 0 constraint experiment_ended_millis check (ended_millis >= 0),
    -- When those were claimed that have not ended, in milliseconds since 1970, added up.
    claimed_millis      bigint      not null default 0 constraint experiment_claimed_millis check (claimed_millis >= 0),
    -- The trace context (W3C traceparent) of the request that created it, where tracing was on: its jobs are sent, and its trainings run, under it.
    traceparent         text,
    -- The name of the key, or of the person, that it was created with; null where nobody was asked.
    created_by          text,
    created_at          timestamptz not null default now(),
    finished_at         timestamptz,
    constraint experiment_running_since_iff_running check ((running_since is not null) = (state = 'RUNNING'))
);

-- Serves the list: newest first, filtered by state.
create index experiment_by_creation on experiment (created_at desc, id desc);
