-- How long slots stood idle between the last claim and the end of a stage, and how long its attempts took, both summed; null where it is not over, or
-- older than these columns.

alter table stage add column idle_seconds double precision constraint stage_idle_seconds check (idle_seconds >= 0);
alter table stage add column trained_seconds double precision constraint stage_trained_seconds check (trained_seconds >= 0);
