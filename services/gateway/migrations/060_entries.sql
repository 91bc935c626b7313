-- Who approves entries, who reads which list, and whose desk a hit is for.
-- migrate:up

-- A request to have an entry in force, or to keep it for longer. Decided ones stay: they say who approved what, and why
-- another did not.
CREATE TABLE entry_requests (
    id              uuid        PRIMARY KEY,
    entry_id        uuid        NOT NULL REFERENCES hot_list_entries (id),
    agency_id       text        NOT NULL,
    kind            text        NOT NULL CHECK (kind IN ('entry', 'renewal')),
    asked_by        jsonb       NOT NULL,
    requester_title text        NOT NULL,
    asked_at        timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    statement       text        NOT NULL DEFAULT '',
    decided_by      jsonb,
    decided_at      timestamptz,
    agreed          boolean,
    decision        text        NOT NULL DEFAULT '',
    unreachable     text        NOT NULL DEFAULT '',
    CHECK (decided_by ->> 'person_id' <> asked_by ->> 'person_id')
);
CREATE INDEX entry_requests_agency ON entry_requests (agency_id, asked_at);
CREATE UNIQUE INDEX entry_requests_one_waits ON entry_requests (entry_id) WHERE agreed IS NULL;

-- The list that a hit's entry is on, as agency/list, and the members who alone get it; empty is everybody who watches.
ALTER TABLE hit_feed ADD COLUMN list_key text NOT NULL DEFAULT '', ADD COLUMN for_members text[] NOT NULL DEFAULT '{}';

-- migrate:down
ALTER TABLE hit_feed DROP COLUMN list_key, DROP COLUMN for_members;
DROP TABLE entry_requests;
