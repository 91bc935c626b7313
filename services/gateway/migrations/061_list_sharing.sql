-- Whether a list of the department may be named in an agreement with others; the newest decision on a list holds.
-- migrate:up

CREATE TABLE list_sharing_decisions (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agency_id  text        NOT NULL,
    list_id    text        NOT NULL,
    allowed    boolean     NOT NULL,
    decided_by jsonb       NOT NULL,
    decided_at timestamptz NOT NULL,
    statement  text        NOT NULL
);
CREATE INDEX ON list_sharing_decisions (agency_id, list_id, decided_at);

-- migrate:down
DROP TABLE list_sharing_decisions;
