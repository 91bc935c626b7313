-- Comparisons of sources that are made again and again, each of their runs, and the entries that they have made.
-- migrate:up

CREATE TABLE compiled_lists (
    id        uuid        PRIMARY KEY,
    agency_id text        NOT NULL,
    asked_at  timestamptz NOT NULL,
    document  jsonb       NOT NULL
);
CREATE INDEX ON compiled_lists (agency_id, asked_at DESC);

CREATE TABLE compiled_runs (
    definition_id uuid        NOT NULL REFERENCES compiled_lists (id),
    ran_at        timestamptz NOT NULL,
    list_version  integer     NOT NULL,
    added         integer     NOT NULL,
    removed       integer     NOT NULL,
    kept          integer     NOT NULL,
    PRIMARY KEY (definition_id, ran_at)
);

ALTER TABLE hot_list_entries ADD COLUMN compiled_by uuid REFERENCES compiled_lists (id);
CREATE INDEX ON hot_list_entries (compiled_by) WHERE compiled_by IS NOT NULL AND removed_at IS NULL;

-- migrate:down
ALTER TABLE hot_list_entries DROP COLUMN compiled_by;
DROP TABLE compiled_runs, compiled_lists;
