-- Codes with which a browser signs in once, in the place of a key. A code itself stands nowhere, only its hash.

create table sign_in_code (
    -- SHA-256 of the code, in hex.
    code_hash       text        primary key,
    -- The key that the session opens as.
    key_hash        text        not null,
    expires_at      timestamptz not null
);
