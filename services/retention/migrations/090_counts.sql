-- How many reads and hits an agency's cameras made in a time: numbers for everybody, and nothing else of them.
-- migrate:up

-- Hits count by the camera, as reads do, so that one can be held against the other. With the rights of the owner, who
-- sees all agencies' rows; the gateway sees counts alone.
CREATE FUNCTION counts_of(of_agency text, from_at timestamptz, until_at timestamptz, OUT reads bigint, OUT hits bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
SELECT (SELECT count(*) FROM retention.reads
         WHERE agency_id = of_agency AND captured_at >= from_at AND captured_at < until_at),
       (SELECT count(*) FROM retention.hits
         WHERE camera_agency_id = of_agency AND raised_at >= from_at AND raised_at < until_at)
$$;

REVOKE EXECUTE ON FUNCTION counts_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION counts_of TO plateward_gateway;

-- migrate:down
DROP FUNCTION counts_of;
