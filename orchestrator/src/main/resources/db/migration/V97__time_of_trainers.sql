-- What the attempts of an experiment have used of trainers' time, for its budget and its page: changed where an attempt is granted or ends, so that nothing adds
-- it up. How long those have taken that go on follows from their number, the time now and when they were claimed.
alter table experiment
    -- How long the charged attempts took that have ended, each from its claim to its end.
    add column ended_millis bigint not null default 0 constraint experiment_ended_millis check (ended_millis >= 0),
    -- When those were claimed that have not ended, in milliseconds since 1970, added up.
    add column claimed_millis bigint not null default 0 constraint experiment_claimed_millis check (claimed_millis >= 0);

update experiment set ended_millis = counted.ended, claimed_millis = counted.claimed
from (
    select trial.experiment_id,
        cast(coalesce(sum(floor(extract(epoch from attempt.ended_at) * 1000) - floor(extract(epoch from attempt.claimed_at) * 1000)), 0)
            as bigint) as ended,
        cast(coalesce(sum(floor(extract(epoch from attempt.claimed_at) * 1000)) filter (where attempt.ended_at is null), 0)
            as bigint) as claimed
    from attempt join trial on trial.id = attempt.trial_id where attempt.charged group by trial.experiment_id) counted
where counted.experiment_id = experiment.id;
