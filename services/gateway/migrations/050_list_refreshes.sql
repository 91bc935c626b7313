-- migrate:up

-- Each file that came for a list from elsewhere, and what became of it. A version of the list rests on one of them.
CREATE TABLE list_refreshes (
    id          uuid PRIMARY KEY,
    agency_id   text NOT NULL,
    list_id     text NOT NULL,
    way         text NOT NULL,
    brought_by  jsonb NOT NULL,
    came_at     timestamptz NOT NULL,
    as_of       timestamptz NOT NULL,
    sha256      text NOT NULL,
    bytes       bigint NOT NULL,
    -- A digest of all that decided how it was read.
    reading     text NOT NULL,
    state       text NOT NULL,
    why         text NOT NULL DEFAULT '',
    version     bigint,
    accepted    integer NOT NULL DEFAULT 0,
    rejected    integer NOT NULL DEFAULT 0,
    added       integer NOT NULL DEFAULT 0,
    changed     integer NOT NULL DEFAULT 0,
    removed     integer NOT NULL DEFAULT 0,
    case_number text NOT NULL DEFAULT '',
    decided_by  jsonb,
    decided_at  timestamptz,
    statement   text NOT NULL DEFAULT ''
);
CREATE INDEX ON list_refreshes (agency_id, list_id, came_at DESC);

-- The first of its lines that were not taken: number, field and rule, never what stood there.
CREATE TABLE rejected_lines (
    refresh_id uuid NOT NULL REFERENCES list_refreshes (id),
    line       bigint NOT NULL,
    field      text NOT NULL,
    rule       text NOT NULL,
    PRIMARY KEY (refresh_id, line)
);

-- What each list from elsewhere holds now, a row an entry; the entry itself is in `entry_versions`.
CREATE TABLE listed_records (
    entry_id    uuid PRIMARY KEY,
    agency_id   text NOT NULL,
    list_id     text NOT NULL,
    -- Of the line as its source wrote it: where it comes again, nobody needs to look at it.
    line_digest uuid NOT NULL,
    -- Of what the entry says.
    digest      uuid NOT NULL,
    version     bigint NOT NULL,
    entered_at  timestamptz NOT NULL
);
CREATE INDEX ON listed_records (agency_id, list_id);

-- The lines of a file that waits for a designator's decision.
CREATE TABLE held_lines (
    refresh_id  uuid NOT NULL REFERENCES list_refreshes (id),
    line        bigint NOT NULL,
    line_digest uuid NOT NULL,
    entry_id    uuid NOT NULL,
    match_key   text COLLATE "C",
    digest      uuid NOT NULL,
    document    text
);
CREATE INDEX ON held_lines (refresh_id);

-- How far each list's source was asked, so that it need not send again what is here.
CREATE TABLE list_pulls (
    agency_id     text NOT NULL,
    list_id       text NOT NULL,
    asked_at      timestamptz NOT NULL,
    etag          text,
    last_modified text,
    reading       text,
    problem       text,
    PRIMARY KEY (agency_id, list_id)
);

-- A list of a million entries goes out behind whatever a person changes meanwhile; in each lane the order is kept.
ALTER TABLE outbox ADD COLUMN lane smallint NOT NULL DEFAULT 0;
CREATE INDEX ON outbox (lane, id);

-- migrate:down

DROP INDEX outbox_lane_id_idx;
ALTER TABLE outbox DROP COLUMN lane;
DROP TABLE list_pulls, held_lines, listed_records, rejected_lines, list_refreshes;
