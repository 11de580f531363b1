-- A request to create an experiment may carry a key: a client that did not hear the answer sends it again and gets the same experiment.

create table creation_key (
    key             text        primary key constraint creation_key_length check (length(key) between 1 and 200),
    -- SHA-256 of the body, in hex.
    body_hash       text        not null,
    -- The key is taken before its experiment is written, in the same transaction.
    experiment_id   text        not null references experiment (id) deferrable initially deferred,
    created_at      timestamptz not null default now()
);

-- Serves the removal of old keys.
create index creation_key_by_age on creation_key (created_at);
