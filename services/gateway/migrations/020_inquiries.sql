-- What the inquiry gate knows: questions and their traces, supervisors' agreements, exports, and the key of its seals.
-- migrate:up

-- Kept as long as a session can last: its next pages and its pictures are looked at under it.
DELETE FROM searches;
ALTER TABLE searches ADD COLUMN question jsonb NOT NULL;
CREATE INDEX searches_made_at ON searches (made_at);

-- Remembered for as long as policies look back, so that repetition is noticed. Keyed hashes: nothing of a question or a
-- reason can be read from them.
CREATE TABLE search_traces (
    access_id uuid        PRIMARY KEY,
    person_id uuid        NOT NULL REFERENCES people (id),
    made_at   timestamptz NOT NULL,
    target    bytea,
    words     bytea       NOT NULL,
    case_of   bytea,
    validated boolean     NOT NULL
);
CREATE INDEX search_traces_person ON search_traces (person_id, made_at);

CREATE TABLE approval_requests (
    id          uuid        PRIMARY KEY,
    agency_id   text        NOT NULL,
    person_id   uuid        NOT NULL REFERENCES people (id),
    fingerprint text        NOT NULL,
    asked_by    jsonb       NOT NULL,
    asked_at    timestamptz NOT NULL,
    question    jsonb       NOT NULL,
    reason      jsonb       NOT NULL,
    why         text[]      NOT NULL,
    expires_at  timestamptz NOT NULL,
    decided_by  jsonb,
    decided_at  timestamptz,
    agreed      boolean,
    statement   text        NOT NULL DEFAULT '',
    used_by     uuid,
    CHECK (decided_by ->> 'person_id' <> person_id::text)
);
CREATE INDEX approval_requests_agency ON approval_requests (agency_id, asked_at);
CREATE INDEX approval_requests_person ON approval_requests (person_id, fingerprint);

CREATE TABLE exports (
    id         uuid        PRIMARY KEY,
    access_id  uuid        NOT NULL,
    search_id  uuid        NOT NULL,
    person_id  uuid        NOT NULL REFERENCES people (id),
    made_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    name       text        NOT NULL,
    media_type text        NOT NULL,
    reads      integer     NOT NULL,
    reason     jsonb       NOT NULL,
    owners     text[]      NOT NULL,
    content    bytea       NOT NULL
);

-- One key for all gateways of the platform, made here once: 244 random bits.
CREATE TABLE sealing_keys (
    the_one boolean PRIMARY KEY DEFAULT true CHECK (the_one),
    key     bytea   NOT NULL
);
INSERT INTO sealing_keys (key) VALUES (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

-- migrate:down
DROP TABLE sealing_keys, exports, approval_requests, search_traces;
DROP INDEX searches_made_at;
ALTER TABLE searches DROP COLUMN question;
