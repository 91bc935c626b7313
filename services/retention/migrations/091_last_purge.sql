-- How far the purge has come, for the page of health.
-- migrate:up

CREATE VIEW last_purge AS
SELECT (SELECT reached FROM purge_clock) AS reached_at, purge_is_current() AS is_current;

COMMENT ON COLUMN last_purge.reached_at IS 'When a purge last looked through all days.';

GRANT SELECT ON last_purge TO plateward_gateway;

-- migrate:down
DROP VIEW last_purge;
