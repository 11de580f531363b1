-- Keys that open REST and pages. A key itself stands nowhere, only its hash.

create table api_key (
    id              text        primary key,
    name            text        not null constraint api_key_name check (length(name) between 1 and 100),
    role            text        not null constraint api_key_role check (role in ('VIEWER', 'OPERATOR', 'ADMIN')),
    -- SHA-256 of the whole key, in hex.
    hash            text        not null constraint api_key_hash unique,
    created_at      timestamptz not null default now(),
    -- Who made it; null where no key was asked for.
    created_by      text,
    expires_at      timestamptz,
    revoked_at      timestamptz,
    -- To within some minutes.
    last_used_at    timestamptz
);

-- What somebody did is shown under the name of a key: of those that open anything, no two have the same.
create unique index api_key_by_name on api_key (name) where revoked_at is null;
