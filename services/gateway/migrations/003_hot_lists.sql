-- migrate:up

-- Lists, entries and agreements as they were at each time: what a decision of the past rested on can be looked up.
-- The version without an end is the one in force.
CREATE TABLE hot_list_versions (
    agency_id text NOT NULL,
    list_id   text NOT NULL,
    from_at   timestamptz NOT NULL,
    until_at  timestamptz,
    document  jsonb NOT NULL
);
CREATE UNIQUE INDEX ON hot_list_versions (agency_id, list_id) WHERE until_at IS NULL;
CREATE INDEX ON hot_list_versions (from_at);

CREATE TABLE entry_versions (
    entry_id  uuid NOT NULL,
    from_at   timestamptz NOT NULL,
    until_at  timestamptz,
    -- None where the plate is partial, or one character more or less matches too: then every read is compared.
    match_key text COLLATE "C",
    document  jsonb NOT NULL
);
CREATE UNIQUE INDEX ON entry_versions (entry_id) WHERE until_at IS NULL;
CREATE INDEX ON entry_versions (match_key, from_at);

CREATE TABLE sharing_versions (
    agreement_id uuid NOT NULL,
    from_at      timestamptz NOT NULL,
    until_at     timestamptz,
    document     jsonb NOT NULL
);
CREATE UNIQUE INDEX ON sharing_versions (agreement_id) WHERE until_at IS NULL;

-- What matchers last said of each list's silence, from the topic `list-alarms`.
CREATE TABLE list_alarms (
    agency_id text NOT NULL,
    list_id   text NOT NULL,
    at        timestamptz NOT NULL,
    silent    boolean NOT NULL,
    document  jsonb NOT NULL,
    PRIMARY KEY (agency_id, list_id)
);

-- migrate:down

DROP TABLE list_alarms, sharing_versions, entry_versions, hot_list_versions;
