-- The trainers that announced themselves.

create table trainer (
    id              text        primary key,
    engine          text        not null,
    engine_version  text        not null,
    device_kind     text        not null,
    host            text        not null,
    slots           integer     not null constraint worker_slots check (slots > 0),
    state           text        not null constraint worker_state check (state in ('ALIVE', 'LEFT')),
    -- Why a trainer that is heard takes no jobs.
    obstacle        text,
    trials          text[]      not null default '{}',
    announced_at    timestamptz not null default now(),
    heard_at        timestamptz not null default now()
);

-- Serves the bound on unclaimed dispatches: live slots of an engine.
create index trainer_alive on trainer (engine, heard_at) where state = 'ALIVE';
