-- What data sets hold, so that each is read and hashed once, by whichever orchestrator, and not again after a start.

create table data_set (
    name text not null,
    -- What a folder of images is scaled to.
    asked_image text not null,
    -- Of the files, without reading them, and of the reader.
    fingerprint char(64) not null,
    content_hash char(64) not null,
    image text not null,
    classes integer not null,
    images integer not null,
    test integer not null,
    test_apart boolean not null,
    validation integer not null,
    registered_at timestamptz not null default clock_timestamp(),
    primary key (name, asked_image, fingerprint)
);
