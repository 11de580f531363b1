-- What the columns of counts and times hold, counted from the rows.
update stage set
    trained = counted.trained, replayed = counted.replayed, reused = counted.reused, diverged = counted.diverged,
    failed = counted.failed, cancelled = counted.cancelled, set_aside = counted.set_aside, running = counted.running,
    dispatched = counted.dispatched, queued = counted.queued, repeats = counted.repeats
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
        count(*) filter (where not set_aside and state = 'QUEUED') as queued,
        count(*) filter (where not set_aside and repeat > 0) as repeats
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

update experiment set ended_millis = counted.ended, claimed_millis = counted.claimed
from (
    select trial.experiment_id,
        cast(coalesce(sum(floor(extract(epoch from attempt.ended_at) * 1000) - floor(extract(epoch from attempt.claimed_at) * 1000)), 0)
            as bigint) as ended,
        cast(coalesce(sum(floor(extract(epoch from attempt.claimed_at) * 1000)) filter (where attempt.ended_at is null), 0)
            as bigint) as claimed
    from attempt join trial on trial.id = attempt.trial_id where attempt.charged group by trial.experiment_id) counted
where counted.experiment_id = experiment.id;
