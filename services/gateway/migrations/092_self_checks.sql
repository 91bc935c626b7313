-- Checks of the whole line, each with a vehicle that is not there.
-- migrate:up

CREATE TABLE self_checks (
    id        uuid PRIMARY KEY,
    agency_id text NOT NULL,
    asked_at  timestamptz NOT NULL,
    hit_at    timestamptz
);
CREATE INDEX ON self_checks (agency_id, asked_at DESC);

-- migrate:down
DROP TABLE self_checks;
