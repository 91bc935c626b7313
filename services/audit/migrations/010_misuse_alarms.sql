-- What the watch over the log has raised, and how far it has come.
-- migrate:up

CREATE TABLE misuse_alarms (
    id        uuid        PRIMARY KEY,
    matter    uuid        NOT NULL,
    kind      text        NOT NULL,
    agency_id text        NOT NULL,
    person_id text        NOT NULL,
    at        timestamptz NOT NULL,
    says      text        NOT NULL,
    evidence  uuid[]      NOT NULL,
    records   uuid[]      NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON COLUMN misuse_alarms.matter IS 'What it is about: told once, and again only after the silence.';
COMMENT ON COLUMN misuse_alarms.at IS 'When the last look came that made it an alarm.';
COMMENT ON COLUMN misuse_alarms.evidence IS 'The numbers of the looks.';
COMMENT ON COLUMN misuse_alarms.records IS 'The ids of their records of asking in the log.';

CREATE INDEX misuse_alarms_agency ON misuse_alarms (agency_id, at);
CREATE INDEX misuse_alarms_at ON misuse_alarms (at);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON misuse_alarms
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE misuse_alarms ENABLE ALWAYS TRIGGER append_only;

-- Set in the transaction that adds the alarms: no look is watched twice, and none is left out.
CREATE TABLE watch_progress (
    the_one  boolean PRIMARY KEY DEFAULT true CHECK (the_one),
    next_seq bigint  NOT NULL
);
INSERT INTO watch_progress (next_seq) VALUES (0);

-- For the gateway, which shows alarms to the administrator of the agency, with the records that they rest on and no others.
CREATE VIEW raised_alarms AS
SELECT id, kind, agency_id, person_id, at, says, evidence, raised_at FROM misuse_alarms;

CREATE VIEW alarm_evidence AS
SELECT a.id AS alarm_id, a.agency_id, r.seq, r.at, r.canonical
  FROM misuse_alarms a JOIN records r ON r.id = ANY (a.records);

GRANT USAGE ON SCHEMA audit TO plateward_gateway;
GRANT SELECT ON raised_alarms, alarm_evidence TO plateward_gateway;

-- migrate:down
DROP VIEW raised_alarms, alarm_evidence;
DROP TABLE misuse_alarms, watch_progress;
