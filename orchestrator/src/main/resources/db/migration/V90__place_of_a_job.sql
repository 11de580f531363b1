-- Where the job of a trial that was sent stands in the topic of its engine: once the trainers are past it and nobody has claimed it, it is lost.
-- Null where nothing is sent, and where it was sent before this was noted.
alter table trial add column job_offset bigint constraint trial_job_offset check (job_offset >= 0);
