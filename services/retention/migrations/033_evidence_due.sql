-- Hits of a case whose read goes soon and is in no evidence: who needs it must be warned before its day.
-- migrate:up

CREATE VIEW evidence_due AS
SELECT h.entry_agency_id AS agency_id, h.document #>> '{entry,case_number}' AS case_number, h.id AS hit_id, h.read_id,
       h.camera_agency_id, h.expires_on
FROM hits h
WHERE h.expires_on > (now() AT TIME ZONE 'UTC')::date
  AND coalesce(h.document #>> '{entry,case_number}', '') <> ''
  AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.id = h.read_id AND e.kind = 'read');

GRANT SELECT ON evidence_due TO plateward_gateway;

-- migrate:down
DROP VIEW evidence_due;
