-- What the controller of the trainers decided last, for every orchestrator to show: only one of several decides.

create table capacity (
    engine          text        primary key,
    desired         bigint      not null constraint capacity_desired check (desired >= 0),
    -- Why trainings wait for trainers, in words; null where none do.
    cause           text,
    -- A decision that is not renewed says nothing after this.
    valid_until     timestamptz not null
);
