-- A trial measures one cell for one experiment; an attempt is one training of it. The trial row is the outbox of its job and carries the lease.

create table trial (
    -- {experiment id}-{cell id}: readable, and the same cell cannot stand twice in an experiment.
    id                  text        primary key,
    experiment_id       text        not null references experiment (id),
    stage               integer     not null,
    cell_id             text        not null constraint trial_cell_id_form check (cell_id ~ '^[0-9a-f]{16}$'),
    -- Canonical text, and the order of blocks in which the cell was scored (canonical where it was not).
    cell                text        not null,
    encoding            text        not null,
    -- Position in the stage: by predicted accuracy where there was a ranking, by canonical text in stage 1. From 1.
    rank                integer     not null,
    predicted           double precision,
    parameters          bigint      not null,
    multiply_adds       bigint      not null,
    training_seed       bigint      not null,
    state               text        not null constraint trial_state check
                                    (state in ('QUEUED', 'DISPATCHED', 'RUNNING', 'TRAINED', 'DIVERGED', 'FAILED', 'CANCELLED')),
    cause               text,
    -- Number of the current attempt, from 1, and how many ended in a way that counts against the limit.
    attempt             integer     not null default 1,
    failures            integer     not null default 0,
    half_batch          boolean     not null default false,
    queued_at           timestamptz not null default now(),
    dispatched_at       timestamptz,
    -- Who claimed it last.
    worker              text,
    -- The lease: under which token it is trained, until when by the clock of this database. Both null or none.
    lease_token         uuid,
    lease_until         timestamptz,
    -- The accepted result.
    accuracy            double precision constraint trial_accuracy check (accuracy between 0 and 1),
    result_attempt      integer,
    -- Everything that the result depends on: two results with the same identity are the same result.
    identity            jsonb,
    replayed            boolean     not null default false,
    -- A result of half the batch answers no other experiment.
    reusable            boolean     not null default false,
    training_seconds    double precision,
    finished_at         timestamptz,
    unique (experiment_id, cell_id),
    foreign key (experiment_id, stage) references stage (experiment_id, number),
    constraint trial_accuracy_iff_trained check ((accuracy is not null) = (state = 'TRAINED')),
    constraint trial_identity_iff_result check ((identity is not null) = (state in ('TRAINED', 'DIVERGED'))),
    constraint trial_lease_whole check ((lease_token is null) = (lease_until is null)),
    constraint trial_lease_iff_running check ((lease_token is not null) = (state = 'RUNNING')),
    constraint trial_finished_iff_terminal check
        ((finished_at is not null) = (state in ('TRAINED', 'DIVERGED', 'FAILED', 'CANCELLED')))
);

-- Serves the dispatcher: largest first within what waits for an experiment.
create index trial_queue on trial (experiment_id, multiply_adds desc, id) where state = 'QUEUED';
-- Serves the count of unclaimed dispatches and the search for lost ones.
create index trial_dispatched on trial (dispatched_at) where state = 'DISPATCHED';
-- Serves the reaper.
create index trial_leases on trial (lease_until) where state = 'RUNNING';
-- Serves the pages of an experiment, and the question whether a stage still has open trials.
create index trial_of_stage on trial (experiment_id, stage, state);
create index trial_best on trial (experiment_id, accuracy desc) where state = 'TRAINED';

create table attempt (
    trial_id        text        not null references trial (id),
    number          integer     not null,
    -- Several deliveries of one job may each be claimed: the token tells them apart, the newest holds the lease.
    token           uuid        not null,
    worker          text        not null,
    half_batch      boolean     not null,
    claimed_at      timestamptz not null default now(),
    step            bigint      not null default 0,
    epoch           integer     not null default 0,
    heard_at        timestamptz not null default now(),
    ended_at        timestamptz,
    -- trained, diverged, outOfMemory, crashed, stalled, cancelled, released, failed, expired, duplicate; null while it runs
    outcome         text,
    message         text,
    -- What a duplicate measured is kept here and nowhere else.
    accuracy        double precision,
    -- As the trainer said; null where only the orchestrator ended the attempt, so that the trainer may still be heard of.
    seconds         double precision,
    primary key (trial_id, number, token)
);

create table epoch (
    trial_id            text             not null references trial (id),
    attempt             integer          not null,
    number              integer          not null,
    training_loss       double precision not null,
    validation_accuracy double precision not null,
    seconds             double precision not null,
    primary key (trial_id, attempt, number)
);
