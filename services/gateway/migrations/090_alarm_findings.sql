-- What was found of the alarms that the audit service raises; the alarms themselves are its own.
-- migrate:up

CREATE TABLE alarm_findings (
    alarm_id  uuid PRIMARY KEY,
    agency_id text NOT NULL,
    finding   text NOT NULL CHECK (finding IN ('in-order', 'mistake', 'violation')),
    closed_by jsonb NOT NULL
);

-- migrate:down
DROP TABLE alarm_findings;
