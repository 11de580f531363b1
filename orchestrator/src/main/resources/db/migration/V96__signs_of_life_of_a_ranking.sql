-- What a predictor told last of the request of a stage since that was sent last. It is asked again once nothing was heard for a while.
alter table stage
    add column ranking_heard_at timestamptz,
    add column ranking_waits boolean,
    add column ranking_scored bigint constraint stage_ranking_scored check (ranking_scored >= 0),
    add column ranking_seconds_left double precision;
