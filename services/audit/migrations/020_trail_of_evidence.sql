-- Who looked at what a case holds goes with its evidence: retention reads the log within its scope.
-- migrate:up
GRANT USAGE ON SCHEMA audit TO plateward_retention;
GRANT SELECT ON access_records TO plateward_retention;

-- migrate:down
REVOKE SELECT ON access_records FROM plateward_retention;
REVOKE USAGE ON SCHEMA audit FROM plateward_retention;
