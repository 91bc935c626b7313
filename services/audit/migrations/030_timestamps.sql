-- Others' time-stamps of checkpoints (RFC 3161), and whether they can be had at present.
-- migrate:up

CREATE TABLE timestamps (
    size      bigint NOT NULL REFERENCES checkpoints,
    authority text   NOT NULL,
    line      text   NOT NULL,
    PRIMARY KEY (size, authority)
);
COMMENT ON COLUMN timestamps.line IS 'The authority''s answer, as a line of signature under the checkpoint.';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON timestamps
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE timestamps ENABLE ALWAYS TRIGGER append_only;

-- A row where an authority is asked.
CREATE TABLE timestamping (
    the_one       boolean PRIMARY KEY DEFAULT true CHECK (the_one),
    authority     text NOT NULL,
    stamped_at    timestamptz,
    problem       text,
    failing_since timestamptz
);

CREATE OR REPLACE VIEW log_state AS
SELECT length.records, c.size AS signed, c.signed_at,
       (SELECT appended_at FROM records WHERE seq = coalesce(c.size, 0)) AS unsigned_since,
       (SELECT appended_at FROM records WHERE seq = w.next_seq) AS unwatched_since,
       t.authority, t.stamped_at, t.failing_since AS unstamped_since
  FROM (SELECT coalesce(max(seq) + 1, 0) AS records FROM records) length
 CROSS JOIN watch_progress w
  LEFT JOIN LATERAL (SELECT size, signed_at FROM checkpoints ORDER BY size DESC LIMIT 1) c ON true
  LEFT JOIN timestamping t ON true;

COMMENT ON COLUMN log_state.unstamped_since IS 'Since when no time-stamp can be had; NULL where all is well.';

-- migrate:down
DROP VIEW log_state;
CREATE VIEW log_state AS
SELECT length.records, c.size AS signed, c.signed_at,
       (SELECT appended_at FROM records WHERE seq = coalesce(c.size, 0)) AS unsigned_since,
       (SELECT appended_at FROM records WHERE seq = w.next_seq) AS unwatched_since
  FROM (SELECT coalesce(max(seq) + 1, 0) AS records FROM records) length
 CROSS JOIN watch_progress w
  LEFT JOIN LATERAL (SELECT size, signed_at FROM checkpoints ORDER BY size DESC LIMIT 1) c ON true;
GRANT SELECT ON log_state TO plateward_gateway;
DROP TABLE timestamping, timestamps;
