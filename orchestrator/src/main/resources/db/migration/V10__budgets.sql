-- What an experiment may use, and the state in which it is when that is used up.

alter table experiment drop constraint experiment_state;
alter table experiment add constraint experiment_state check
    (state in ('RUNNING', 'PAUSED', 'COMPLETED', 'STOPPED', 'FAILED', 'CANCELLED'));

-- How long it ran before running_since, pauses not counted; running_since is null while it does not run.
alter table experiment add column running_seconds double precision not null default 0;
alter table experiment add column running_since timestamptz;
update experiment set running_since = created_at where state = 'RUNNING';
alter table experiment add constraint experiment_running_since_iff_running check ((running_since is not null) = (state = 'RUNNING'));

-- The dispatcher sends no more than are left.
alter table experiment add column budget_trainings integer constraint experiment_budget_trainings check (budget_trainings > 0);

-- An attempt that was refused at its claim was no training.
alter table attempt add column charged boolean not null default true;

-- Chance chooses from all cells of some blocks, which are more than an integer counts.
alter table stage alter column candidates type bigint;

update experiment set specification = specification || '{"budget": {}}' where not specification ? 'budget';
