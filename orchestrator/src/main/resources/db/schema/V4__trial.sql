-- A trial measures one cell for one experiment. Its row is the outbox of its job and carries the lease.

create table trial (
    -- {experiment id}-{cell id}: readable, and the same cell cannot stand twice in an experiment. A repeat has -{stage}-{repeat} after that.
    id                  text        primary key,
    experiment_id       text        not null references experiment (id),
    stage               integer     not null,
    cell_id             text        not null constraint trial_cell_id_form check (cell_id ~ '^[0-9a-f]{16}$'),
    -- The cell is trained again under another seed: under which, from 1; 0 where it is trained for the first time.
    repeat              integer     not null default 0 constraint trial_repeat check (repeat >= 0),
    -- Canonical text, and the order of blocks in which the cell was scored (canonical where it was not).
    cell                text        not null,
    encoding            text        not null,
    -- Position in the stage: by predicted accuracy where there was a ranking, by canonical text in stage 1. From 1.
    rank                integer     not null,
    predicted           double precision,
    parameters          bigint      not null,
    multiply_adds       bigint      not null,
    layers              integer     not null,
    -- As predicted when the stage chose its cells.
    expected_seconds    double precision not null,
    training_seed       bigint      not null,
    -- SHA-256 of everything that the result will depend on but the machine that computes it; null where nothing is trained.
    training_key        text        constraint trial_training_key_form check (training_key ~ '^[0-9a-f]{64}$'),
    state               text        not null constraint trial_state check
                                    (state in ('QUEUED', 'DISPATCHED', 'RUNNING', 'TRAINED', 'DIVERGED', 'FAILED', 'CANCELLED')),
    cause               text,
    -- An experiment that goes on with a larger beam ranks its stages anew: cells that it trained before and that the larger beam leaves out are set aside.
    set_aside           boolean     not null default false,
    -- Number of the current attempt, from 1, and how many ended in a way that counts against the limit.
    attempt             integer     not null default 1,
    failures            integer     not null default 0,
    half_batch          boolean     not null default false,
    queued_at           timestamptz not null default now(),
    dispatched_at       timestamptz,
    -- Where the job of a trial that was sent stands in the topic of its engine: once the trainers are past it and nobody has claimed it, it is lost.
    -- Null where nothing is sent.
    job_offset          bigint      constraint trial_job_offset check (job_offset >= 0),
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
    -- The trial whose result this one took.
    reused_from         text        references trial (id),
    training_seconds    double precision,
    finished_at         timestamptz,
    foreign key (experiment_id, stage) references stage (experiment_id, number),
    constraint trial_accuracy_iff_trained check ((accuracy is not null) = (state = 'TRAINED')),
    constraint trial_identity_iff_result check ((identity is not null) = (state in ('TRAINED', 'DIVERGED'))),
    constraint trial_lease_whole check ((lease_token is null) = (lease_until is null)),
    constraint trial_lease_iff_running check ((lease_token is not null) = (state = 'RUNNING')),
    constraint trial_reused_once check (reused_from is null or not reusable),
    constraint trial_finished_iff_terminal check
        ((finished_at is not null) = (state in ('TRAINED', 'DIVERGED', 'FAILED', 'CANCELLED')))
);

-- The same cell is trained for the first time once in an experiment; its repeats are told apart by their ids.
create unique index trial_of_cell on trial (experiment_id, cell_id) where repeat = 0;
-- Serves the confirmed best.
create index trial_repeats on trial (experiment_id) where repeat > 0;
-- Serves the dispatcher: longest first within what waits for an experiment, so that few slots stand idle when the last of a stage ends.
create index trial_queue on trial (experiment_id, expected_seconds desc, multiply_adds desc, id) where state = 'QUEUED';
-- Serves the count of unclaimed dispatches and the search for lost ones.
create index trial_dispatched on trial (dispatched_at) where state = 'DISPATCHED';
-- Serves the count of what an experiment has out.
create index trial_out on trial (experiment_id) where state in ('DISPATCHED', 'RUNNING');
-- Serves the reaper.
create index trial_leases on trial (lease_until) where state = 'RUNNING';
-- Serves the pages of an experiment.
create index trial_of_stage on trial (experiment_id, stage, state);
create index trial_best on trial (experiment_id, accuracy desc) where state = 'TRAINED' and repeat = 0;
create index trial_best_of_stage on trial (experiment_id, stage, accuracy desc) where state = 'TRAINED' and not set_aside and repeat = 0;
-- Serves the search for a result of another experiment, and the question whether the same training runs already.
create index trial_results on trial (training_key) where reusable;
create index trial_in_training on trial (training_key) where state in ('DISPATCHED', 'RUNNING');
-- Serves the model of times: what an engine measured last.
create index trial_measured on trial ((identity ->> 'engine'), finished_at desc) where state = 'TRAINED' and result_attempt = 1;
