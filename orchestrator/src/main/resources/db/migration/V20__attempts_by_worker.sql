-- Serves the question how long the trainers of a stage stood idle before it ended: what each of them trained since an instant.
create index attempt_of_worker on attempt (worker, ended_at);
