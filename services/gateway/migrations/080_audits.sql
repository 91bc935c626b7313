-- Audits of inquiries, with what was found of each; and which reports were delivered.
-- migrate:up

CREATE TABLE audits (
    id          uuid        PRIMARY KEY,
    agency_id   text        NOT NULL,
    since       timestamptz NOT NULL,
    until       timestamptz NOT NULL,
    sample_size integer     NOT NULL CHECK (sample_size > 0),
    access_id   uuid        NOT NULL,
    opened_by   jsonb       NOT NULL,
    opened_at   timestamptz NOT NULL,
    checkpoint  text,
    size        bigint,
    root        bytea,
    population  bigint,
    closed      jsonb,
    reviewer    text,
    reviewed    jsonb,
    memorandum  bytea,
    CHECK (reviewed ->> 'person' <> closed ->> 'person')
);

COMMENT ON COLUMN audits.access_id IS 'The look under which it was opened; the first checkpoint after it is the seed.';
COMMENT ON COLUMN audits.checkpoint IS 'The seed as it was signed; its size and root again beside it.';
COMMENT ON COLUMN audits.reviewer IS 'The title to whom the memorandum goes; NULL where the policy names nobody.';

CREATE INDEX audits_agency ON audits (agency_id, opened_at DESC);
-- One at a time: nobody opens audit after audit until the lot pleases them.
CREATE UNIQUE INDEX audits_open ON audits (agency_id) WHERE closed IS NULL;

CREATE TABLE audit_samples (
    audit_id  uuid    NOT NULL REFERENCES audits (id),
    place     integer NOT NULL CHECK (place > 0),
    record_id uuid    NOT NULL,
    PRIMARY KEY (audit_id, place)
);

-- Every verdict that was given; the newest of an inquiry counts.
CREATE TABLE audit_judgements (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    audit_id    uuid        NOT NULL,
    place       integer     NOT NULL,
    verdict     text        NOT NULL CHECK (verdict IN ('within-policy', 'violation', 'undetermined')),
    data_errors text        NOT NULL,
    note        text        NOT NULL,
    by          jsonb       NOT NULL,
    at          timestamptz NOT NULL,
    FOREIGN KEY (audit_id, place) REFERENCES audit_samples (audit_id, place)
);
CREATE INDEX audit_judgements_audit ON audit_judgements (audit_id, place, id);

CREATE TABLE report_deliveries (
    agency_id    text        NOT NULL,
    report_id    text        NOT NULL,
    period       date        NOT NULL,
    delivered_by jsonb       NOT NULL,
    delivered_at timestamptz NOT NULL,
    statement    text        NOT NULL,
    sha256       bytea       NOT NULL,
    content      bytea       NOT NULL,
    PRIMARY KEY (agency_id, report_id, period)
);

COMMENT ON COLUMN report_deliveries.period IS 'The first day of the period that is reported on.';
COMMENT ON COLUMN report_deliveries.content IS 'The PDF as it was delivered.';

-- migrate:down
DROP TABLE report_deliveries, audit_judgements, audit_samples, audits;
