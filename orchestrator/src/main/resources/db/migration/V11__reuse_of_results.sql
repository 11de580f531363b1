-- A result answers the trials of other experiments that would compute the same.

alter table experiment add column reuse boolean not null default false;
update experiment set specification = specification || '{"reuse": false}' where not specification ? 'reuse';

-- SHA-256 of everything that the result will depend on but the machine that computes it; null where nothing is trained.
alter table trial add column training_key text constraint trial_training_key_form check (training_key ~ '^[0-9a-f]{64}$');
-- The trial whose result this one took.
alter table trial add column reused_from text references trial (id);
alter table trial add constraint trial_reused_once check (reused_from is null or not reusable);

-- Serves the search for a result.
create index trial_results on trial (training_key) where reusable;
-- Serves the question whether the same training runs already.
create index trial_in_training on trial (training_key) where state in ('DISPATCHED', 'RUNNING');
