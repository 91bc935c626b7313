-- What cases need, copied before its day: holds, what each holds, and what was exported.
-- migrate:up

CREATE TABLE holds (
    id           uuid        PRIMARY KEY,
    agency_id    text        NOT NULL,
    case_number  text        NOT NULL,
    reason       text        NOT NULL,
    requested_by text        NOT NULL,
    requested_at timestamptz NOT NULL,
    approved_by  text        NOT NULL CHECK (approved_by <> requested_by),
    approved_at  timestamptz NOT NULL,
    ends_on      date        NOT NULL,
    read_ids     uuid[]      NOT NULL,
    copied_at    timestamptz
);

COMMENT ON COLUMN holds.ends_on IS 'The first UTC day on which its evidence is no longer kept.';
COMMENT ON COLUMN holds.copied_at IS 'When all that it holds was in evidence.';

CREATE INDEX holds_case ON holds (agency_id, case_number);

CREATE TABLE evidence (
    hold_id    uuid  NOT NULL REFERENCES holds (id),
    kind       text  NOT NULL CHECK (kind IN ('read', 'hit', 'access')),
    id         uuid  NOT NULL,
    expires_on date  NOT NULL,
    ends_on    date  NOT NULL,
    document   bytea NOT NULL,
    copied_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (hold_id, kind, id)
);

COMMENT ON COLUMN evidence.document IS 'The event''s JSON, sealed under the hold''s data key.';
COMMENT ON COLUMN evidence.expires_on IS 'When its read would have gone.';

CREATE INDEX evidence_ends_on ON evidence (ends_on);
CREATE INDEX evidence_expires_on ON evidence (expires_on);

CREATE TABLE custody (
    id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hold_id uuid        NOT NULL REFERENCES holds (id),
    at      timestamptz NOT NULL,
    who     text        NOT NULL,
    what    text        NOT NULL,
    sha256  text
);

COMMENT ON TABLE custody IS 'The chain of custody: what was done with a hold''s evidence, by whom.';

CREATE VIEW evidence_held AS
SELECT h.agency_id, h.id AS hold_id, h.case_number, h.requested_by, h.approved_by, h.reason, h.ends_on, e.expires_on
FROM evidence e JOIN holds h ON h.id = e.hold_id;

-- migrate:down
DROP VIEW evidence_held;
DROP TABLE custody, evidence, holds;
