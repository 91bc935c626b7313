-- Written requests of others, on file for good, and what was packed of them, until the reads in it are gone.
-- migrate:up

CREATE TABLE releases (
    id          uuid        PRIMARY KEY,
    agency_id   text        NOT NULL,
    number      text        NOT NULL,
    received_at timestamptz NOT NULL,
    version     integer     NOT NULL,
    document    jsonb       NOT NULL,
    UNIQUE (agency_id, number)
);
CREATE INDEX releases_agency ON releases (agency_id, received_at DESC);

CREATE TABLE release_packages (
    release_id uuid        PRIMARY KEY REFERENCES releases (id),
    expires_at timestamptz NOT NULL,
    content    bytea       NOT NULL
);
CREATE INDEX ON release_packages (expires_at);

-- migrate:down
DROP TABLE release_packages, releases;
