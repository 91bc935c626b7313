-- What cases need held: asked for by one person, agreed to by another. Retention places it.
-- migrate:up

CREATE TABLE hold_requests (
    id          uuid        PRIMARY KEY,
    agency_id   text        NOT NULL,
    asked_by    jsonb       NOT NULL,
    asked_at    timestamptz NOT NULL,
    case_number text        NOT NULL,
    reason      text        NOT NULL,
    ends_on     date        NOT NULL,
    read_ids    uuid[]      NOT NULL,
    decided_by  jsonb,
    decided_at  timestamptz,
    agreed      boolean,
    statement   text        NOT NULL DEFAULT '',
    CHECK (decided_by ->> 'person_id' <> asked_by ->> 'person_id')
);
CREATE INDEX hold_requests_agency ON hold_requests (agency_id, asked_at);

-- migrate:down
DROP TABLE hold_requests;
