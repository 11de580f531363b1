-- One training of a trial.

create table attempt (
    trial_id        text        not null references trial (id),
    number          integer     not null,
    -- Several deliveries of one job may each be claimed: the token tells them apart, the newest holds the lease.
    token           uuid        not null,
    worker          text        not null,
    half_batch      boolean     not null,
    -- Whether a budget pays for it: an attempt that was refused at its claim was no training.
    charged         boolean     not null default true,
    claimed_at      timestamptz not null default now(),
    step            bigint      not null default 0,
    epoch           integer     not null default 0,
    heard_at        timestamptz not null default now(),
    ended_at        timestamptz,
    -- trained, replayed, diverged, outOfMemory, crashed, stalled, cancelled, released, failed, expired, duplicate; null while it runs
    outcome         text,
    message         text,
    -- What a duplicate measured is kept here and nowhere else.
    accuracy        double precision,
    -- As the trainer said; null where only the orchestrator ended the attempt, so that the trainer may still be heard of.
    seconds         double precision,
    primary key (trial_id, number, token)
);

-- Serves the question how long the trainers of a stage stood idle before it ended: what each of them trained since an instant.
create index attempt_of_trainer on attempt (worker, ended_at);
