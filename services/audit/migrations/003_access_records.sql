-- The log as rows, for the gateway: an agency sees its own people's records, and those that it stands in as an owner.
-- migrate:up

-- A column that is made of each row's own content, so that the rows of an older log have it too, without an update.
CREATE FUNCTION other_owners(canonical bytea, agency_id text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(owner ORDER BY place)
      FROM json_array_elements_text(convert_from(canonical, 'UTF8')::json -> 'owners') WITH ORDINALITY AS of (owner, place)
     WHERE owner <> agency_id
$$;

ALTER TABLE records ADD COLUMN others text[];
COMMENT ON COLUMN records.others IS 'The other agencies whose data was looked at; NULL where there are none.';

-- The table refuses updates, so what it holds already is written anew by a change of its type.
ALTER TABLE records ALTER COLUMN others TYPE text[] USING other_owners(canonical, agency_id);
DROP FUNCTION other_owners;

CREATE INDEX records_agency_at ON records (agency_id, at);
CREATE INDEX records_others ON records USING gin (others) WHERE others IS NOT NULL;

-- The scope: the agencies for which the transaction asks, by the setting plateward.owners. Without it, none.
CREATE FUNCTION scope() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT string_to_array(current_setting('plateward.owners', true), ',')
$$;

-- A text with NUL is in no jsonb: such a record has no document here, and its bytes all the same.
CREATE VIEW access_records AS
SELECT seq, id, access_id, agency_id, at, others, appended_at, canonical,
       CASE WHEN position('\\u0000'::bytea IN canonical) = 0 THEN convert_from(canonical, 'UTF8')::jsonb END AS document
  FROM records
 WHERE agency_id = ANY ((SELECT scope())::text[])
    OR (others IS NOT NULL AND others && (SELECT scope())::text[]);

COMMENT ON VIEW access_records IS 'Index in the log, who looked, when; the columns are for finding, the document is what is hashed.';

-- What is signed of the log is no secret.
CREATE VIEW signed_checkpoints AS SELECT size, note, signed_at FROM checkpoints;

GRANT USAGE ON SCHEMA audit TO plateward_gateway;
GRANT SELECT ON access_records, signed_checkpoints TO plateward_gateway;

-- migrate:down
REVOKE USAGE ON SCHEMA audit FROM plateward_gateway;
DROP VIEW access_records, signed_checkpoints;
DROP FUNCTION scope;
DROP INDEX records_agency_at, records_others;
ALTER TABLE records DROP COLUMN others;
