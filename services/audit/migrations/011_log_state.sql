-- How long the log is, how much of it is signed and watched, for the page of health.
-- migrate:up

CREATE VIEW log_state AS
SELECT length.records, c.size AS signed, c.signed_at,
       (SELECT appended_at FROM records WHERE seq = coalesce(c.size, 0)) AS unsigned_since,
       (SELECT appended_at FROM records WHERE seq = w.next_seq) AS unwatched_since
  FROM (SELECT coalesce(max(seq) + 1, 0) AS records FROM records) length
 CROSS JOIN watch_progress w
  LEFT JOIN LATERAL (SELECT size, signed_at FROM checkpoints ORDER BY size DESC LIMIT 1) c ON true;

COMMENT ON COLUMN log_state.unsigned_since IS 'Since when a record waits for a checkpoint; NULL where none does.';

GRANT SELECT ON log_state TO plateward_gateway;

-- migrate:down
DROP VIEW log_state;
