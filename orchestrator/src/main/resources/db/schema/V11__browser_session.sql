-- Browsers that signed in. With a key: the session opens what its key opens, as long as the key does. At an OpenID Connect provider: there is no key, and
-- the session opens what its role opens.

create table browser_session (
    -- SHA-256 of what the browser's cookie has, in hex.
    token_hash      text        primary key,
    key_hash        text,
    name            text,
    role            text        constraint browser_session_role check (role in ('VIEWER', 'OPERATOR', 'ADMIN')),
    expires_at      timestamptz not null,
    constraint browser_session_whose
        check ((key_hash is null) = (name is not null) and (name is null) = (role is null))
);

-- Serves the removal of those that ended.
create index browser_session_by_end on browser_session (expires_at);
