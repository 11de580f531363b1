-- Every number of trials that a page shows or a decision needs is a column, changed in the transaction that changes the trials.

-- The trials of a stage by what they count as: each is in one of these.
alter table stage
    add column trained bigint not null default 0 constraint stage_trained check (trained >= 0),
    add column replayed bigint not null default 0 constraint stage_replayed check (replayed >= 0),
    add column reused bigint not null default 0 constraint stage_reused check (reused >= 0),
    add column diverged bigint not null default 0 constraint stage_diverged check (diverged >= 0),
    add column failed bigint not null default 0 constraint stage_failed check (failed >= 0),
    add column cancelled bigint not null default 0 constraint stage_cancelled check (cancelled >= 0),
    add column set_aside bigint not null default 0 constraint stage_set_aside check (set_aside >= 0),
    add column running bigint not null default 0 constraint stage_running check (running >= 0),
    add column dispatched bigint not null default 0 constraint stage_dispatched check (dispatched >= 0),
    add column queued bigint not null default 0 constraint stage_queued check (queued >= 0);
-- Those that are not over: where there is none, the stage has ended.
alter table stage add column open_trials bigint generated always as (queued + dispatched + running) stored;

alter table experiment
    -- Trials that are dispatched or running.
    add column trials_out bigint not null default 0 constraint experiment_trials_out check (trials_out >= 0),
    -- Attempts that were granted and have not ended.
    add column attempts_granted bigint not null default 0 constraint experiment_attempts_granted check (attempts_granted >= 0),
    -- Attempts that were granted, whatever became of them: a budget pays for these.
    add column attempts_charged bigint not null default 0 constraint experiment_attempts_charged check (attempts_charged >= 0);

-- Serves the best accuracy of each stage.
create index trial_best_of_stage on trial (experiment_id, stage, accuracy desc) where state = 'TRAINED' and not set_aside;

update stage set
    trained = counted.trained, replayed = counted.replayed, reused = counted.reused, diverged = counted.diverged,
    failed = counted.failed, cancelled = counted.cancelled, set_aside = counted.set_aside, running = counted.running,
    dispatched = counted.dispatched, queued = counted.queued
from (
    select experiment_id, stage,
        count(*) filter (where not set_aside and state = 'TRAINED' and not replayed and reused_from is null) as trained,
        count(*) filter (where not set_aside and state = 'TRAINED' and replayed) as replayed,
        count(*) filter (where not set_aside and state = 'TRAINED' and not replayed and reused_from is not null) as reused,
        count(*) filter (where not set_aside and state = 'DIVERGED') as diverged,
        count(*) filter (where not set_aside and state = 'FAILED') as failed,
        count(*) filter (where not set_aside and state = 'CANCELLED') as cancelled,
        count(*) filter (where set_aside) as set_aside,
        count(*) filter (where not set_aside and state = 'RUNNING') as running,
        count(*) filter (where not set_aside and state = 'DISPATCHED') as dispatched,
        count(*) filter (where not set_aside and state = 'QUEUED') as queued
    from trial group by experiment_id, stage) counted
where counted.experiment_id = stage.experiment_id and counted.stage = stage.number;

update experiment set trials_out = counted.trials_out
from (select experiment_id, count(*) as trials_out from trial where state in ('DISPATCHED', 'RUNNING') group by experiment_id) counted
where counted.experiment_id = experiment.id;

update experiment set attempts_granted = counted.granted, attempts_charged = counted.charged
from (
    select trial.experiment_id, count(*) filter (where attempt.ended_at is null) as granted, count(*) as charged
    from attempt join trial on trial.id = attempt.trial_id where attempt.charged group by trial.experiment_id) counted
where counted.experiment_id = experiment.id;
