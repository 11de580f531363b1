-- A stage takes its longest trainings first, so that few slots stand idle when the last of them ends.

-- Layers of the network; 0 where a trial is older than this column.
alter table trial add column layers integer not null default 0;
-- As predicted when the stage chose its cells. Within an experiment older trials keep their order, which was by multiply-adds.
alter table trial add column expected_seconds double precision not null default 0;
update trial set expected_seconds = multiply_adds * 1e-9;

-- Serves the dispatcher: longest first within what waits for an experiment.
drop index trial_queue;
create index trial_queue on trial (experiment_id, expected_seconds desc, multiply_adds desc, id) where state = 'QUEUED';
-- Serves the model of times: what an engine measured last.
create index trial_measured on trial ((identity ->> 'engine'), finished_at desc) where state = 'TRAINED' and result_attempt = 1;
