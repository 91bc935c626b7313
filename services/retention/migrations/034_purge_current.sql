-- Whether the purge has kept up: the gateway answers nobody from a database that was restored and not yet purged.
-- migrate:up

CREATE FUNCTION purge_is_current() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
SELECT coalesce((SELECT reached > now() - interval '2 days' FROM retention.purge_clock), true)
   AND NOT EXISTS (
       SELECT 1 FROM pg_class
        WHERE relnamespace = 'retention'::regnamespace AND relkind = 'r' AND relname ~ '^(reads|hits)_[0-9]{8}$'
          AND to_date(right(relname, 8), 'YYYYMMDD') < (now() AT TIME ZONE 'UTC')::date - 1
   )
$$;

COMMENT ON FUNCTION purge_is_current IS 'False while a day is left that was over a whole day ago, or the last purge is two days back.';

REVOKE EXECUTE ON FUNCTION purge_is_current FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_is_current TO plateward_gateway;

-- migrate:down
DROP FUNCTION purge_is_current;
