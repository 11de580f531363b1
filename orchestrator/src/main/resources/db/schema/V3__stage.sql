-- The cells of one number of blocks. An experiment that ends before its last stage is done closes its stages; one that is DONE has an accuracy.

create table stage (
    experiment_id       text        not null references experiment (id),
    number              integer     not null constraint stage_number check (number between 1 and 5),
    state               text        not null constraint stage_state check
                                    (state in ('EXPANDING', 'RANKING', 'TRAINING', 'CONFIRMING', 'DONE', 'CLOSED')),
    -- Distinct cells that the stage chose from. Chance chooses from all cells of some blocks, which are more than an integer counts.
    candidates          bigint,
    -- The request to rank them: sent again under the same id until an answer comes or the tries are used up.
    request_id          uuid        unique,
    request_tries       integer     not null default 0,
    request_sent_at     timestamptz,
    -- Where an orchestrator works at expanding or sending: until then no other one does.
    working_until       timestamptz,
    -- What a predictor told last of the request since that was sent last. It is asked again once nothing was heard for a while.
    ranking_heard_at    timestamptz,
    ranking_waits       boolean,
    ranking_scored      bigint      constraint stage_ranking_scored check (ranking_scored >= 0),
    ranking_seconds_left double precision,
    -- What the predictor answered: histogram of all scores, quality within the stage it learnt last, seconds.
    ranking             jsonb,
    -- Predicted against measured, once the stage is done.
    quality             jsonb,
    -- The trials of the stage by what they count as: each is in one of these.
    trained             bigint      not null default 0 constraint stage_trained check (trained >= 0),
    replayed            bigint      not null default 0 constraint stage_replayed check (replayed >= 0),
    reused              bigint      not null default 0 constraint stage_reused check (reused >= 0),
    diverged            bigint      not null default 0 constraint stage_diverged check (diverged >= 0),
    failed              bigint      not null default 0 constraint stage_failed check (failed >= 0),
    cancelled           bigint      not null default 0 constraint stage_cancelled check (cancelled >= 0),
    set_aside           bigint      not null default 0 constraint stage_set_aside check (set_aside >= 0),
    running             bigint      not null default 0 constraint stage_running check (running >= 0),
    dispatched          bigint      not null default 0 constraint stage_dispatched check (dispatched >= 0),
    queued              bigint      not null default 0 constraint stage_queued check (queued >= 0),
    -- How many of them train a cell again under another seed, those that are set aside excepted.
    repeats             bigint      not null default 0 constraint stage_repeats check (repeats >= 0),
    -- Those that are not over: where there is none, the stage has ended.
    open_trials         bigint      generated always as (queued + dispatched + running) stored,
    -- How long slots stood idle between the last claim and the end of the stage, and how long its attempts took, both summed; null where it is not over.
    idle_seconds        double precision constraint stage_idle_seconds check (idle_seconds >= 0),
    trained_seconds     double precision constraint stage_trained_seconds check (trained_seconds >= 0),
    created_at          timestamptz not null default now(),
    training_since      timestamptz,
    finished_at         timestamptz,
    primary key (experiment_id, number)
);

-- Serves the search for stages to expand, to send, or to send again.
create index stage_open_work on stage (state) where state in ('EXPANDING', 'RANKING');
