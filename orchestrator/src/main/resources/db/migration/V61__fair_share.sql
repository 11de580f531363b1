-- Experiments that share the trainers of an engine: the higher priority goes first, and within one priority each has a share by its weight.

alter table experiment add column weight integer not null default 1 constraint experiment_weight check (weight between 1 and 1000);
alter table experiment add column priority integer not null default 0 constraint experiment_priority check (priority between -100 and 100);
-- Trainings that were sent for its weight, as fair queueing counts them: whose count is least is next.
alter table experiment add column turn double precision not null default 0;
update experiment set specification = specification || '{"weight": 1, "priority": 0}' where not specification ? 'weight';

-- Serves the count of what an experiment has out.
create index trial_out on trial (experiment_id) where state in ('DISPATCHED', 'RUNNING');
