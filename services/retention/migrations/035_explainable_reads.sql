-- The whole read, for the gateway to explain what it was compared with: candidates, vehicle, how it was told.
-- migrate:up

CREATE VIEW explainable_reads AS
SELECT id, agency_id, document FROM reads JOIN read_documents USING (id, expires_on)
WHERE expires_on > (now() AT TIME ZONE 'UTC')::date;

GRANT SELECT ON explainable_reads TO plateward_gateway;

-- migrate:down
DROP VIEW explainable_reads;
