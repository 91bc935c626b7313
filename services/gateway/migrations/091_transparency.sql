-- What agencies publish of their use: counted night by night, because reads are purged, and written out whole.
-- migrate:up

CREATE TABLE daily_counts (
    agency_id text   NOT NULL,
    day       date   NOT NULL,
    reads     bigint NOT NULL,
    hits      bigint NOT NULL,
    PRIMARY KEY (agency_id, day)
);
COMMENT ON COLUMN daily_counts.day IS 'On the agency''s own calendar.';

CREATE TABLE publications (
    agency_id   text PRIMARY KEY,
    computed_at timestamptz NOT NULL,
    document    jsonb NOT NULL
);

-- migrate:down
DROP TABLE publications, daily_counts;
