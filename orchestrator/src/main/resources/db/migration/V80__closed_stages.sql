-- An experiment that ends before its last stage is done closes its stages; one that is DONE has an accuracy.

alter table stage drop constraint stage_state;
alter table stage add constraint stage_state check (state in ('EXPANDING', 'RANKING', 'TRAINING', 'DONE', 'CLOSED'));

update stage set state = 'CLOSED', finished_at = coalesce(stage.finished_at, experiment.finished_at), working_until = null
from experiment
where experiment.id = stage.experiment_id and experiment.state in ('STOPPED', 'FAILED', 'CANCELLED')
    and (stage.state <> 'DONE' or not exists (select from trial
        where trial.experiment_id = stage.experiment_id and trial.stage = stage.number and trial.state = 'TRAINED'));

-- An attempt that looked its accuracy up trained nothing.
update attempt set outcome = 'replayed' from trial
where trial.id = attempt.trial_id and trial.replayed and attempt.outcome = 'trained';
