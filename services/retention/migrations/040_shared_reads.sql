-- A search within what is granted: of each owner these cameras, this area, this age, and of each read what is shown.
-- migrate:up

-- The scopes of a search as one condition on reads, which the query itself holds: what is not granted is not fetched. A
-- scope is {owners, cameras, corners, since, shows}; a read answers when it lies in any of them. `showing` is what a
-- scope must show to count; NULL is any scope. Cameras are owner and camera, with chr(31) between them.
CREATE FUNCTION granted_condition(scopes jsonb, showing text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce('(' || string_agg(concat_ws(' AND ',
        format('agency_id = ANY (%L::text[])', ARRAY(SELECT jsonb_array_elements_text(scope -> 'owners'))),
        CASE WHEN scope ->> 'cameras' IS NOT NULL THEN
            format('agency_id || chr(31) || camera_id = ANY (%L::text[])',
                   ARRAY(SELECT jsonb_array_elements_text(scope -> 'cameras'))) END,
        CASE WHEN scope ->> 'corners' IS NOT NULL THEN
            format('point(longitude, latitude) <@ %L::polygon', scope ->> 'corners') END,
        CASE WHEN scope ->> 'since' IS NOT NULL THEN
            format('captured_at >= %L::timestamptz', scope ->> 'since') END
    ), ' OR ') || ')', 'false')
    FROM jsonb_array_elements(scopes) AS scope
    WHERE showing IS NULL OR scope -> 'shows' ? showing
$$;

-- A column, or NULL for the reads of which no scope shows it.
CREATE FUNCTION shown(scopes jsonb, showing text, expression text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN NOT EXISTS (
                    SELECT FROM jsonb_array_elements(scopes) AS scope WHERE NOT scope -> 'shows' ? showing
                )
                THEN expression
                ELSE format('CASE WHEN %s THEN %s END', retention.granted_condition(scopes, showing), expression) END
$$;

REVOKE ALL ON FUNCTION granted_condition, shown FROM PUBLIC;

DROP FUNCTION find_reads;

-- As before (020), but within scopes, and with the columns that a search shows and no other.
CREATE FUNCTION find_reads(
    scopes      jsonb,
    since       timestamptz,
    until       timestamptz,
    at_most     integer,
    first_slice interval,
    after_at    timestamptz,
    after_id    uuid,
    key         text,
    key_like    text,
    grams       text[],
    plate_like  text,
    cameras     text[],
    box         double precision[],
    of_state    text,
    of_make     text,
    of_model    text,
    of_colour   text,
    of_kind     text
) RETURNS TABLE (
    id                uuid,
    agency_id         text,
    camera_id         text,
    camera_name       text,
    latitude          double precision,
    longitude         double precision,
    bearing_deg       double precision,
    captured_at       timestamptz,
    expires_on        date,
    plate             text,
    confidence        double precision,
    below_threshold   boolean,
    state             text,
    make              text,
    model             text,
    colour            text,
    kind              text,
    has_plate_picture boolean,
    has_scene_picture boolean
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = retention, pg_temp
SET random_page_cost = 1.1
SET max_parallel_workers_per_gather = 0
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    owners constant text[] := ARRAY(
        SELECT DISTINCT owner FROM jsonb_array_elements(scopes) AS scope, jsonb_array_elements_text(scope -> 'owners') AS owner
    );
    edge  timestamptz := least(until, after_at + interval '1 microsecond', now() + interval '2 days');
    start timestamptz;
    width interval := first_slice;
    slice text;
    found integer;
    wanted constant text := concat_ws(' AND ',
        granted_condition(scopes, NULL),
        CASE WHEN key IS NOT NULL THEN format('match_key = %L', key) END,
        CASE WHEN key_like IS NOT NULL THEN format('match_key LIKE %L', key_like) END,
        CASE WHEN grams <> '{}' THEN format('plate_grams(match_key) @> %L::text[]', grams) END,
        CASE WHEN plate_like IS NOT NULL THEN format('plate LIKE %L', plate_like) END,
        CASE WHEN cameras IS NOT NULL THEN format('camera_id = ANY (%L::text[])', cameras) END,
        CASE WHEN box IS NOT NULL THEN
            format('latitude BETWEEN %L AND %L AND longitude BETWEEN %L AND %L', box[1], box[2], box[3], box[4]) END,
        CASE WHEN of_state IS NOT NULL THEN format('state = %L', of_state) END,
        CASE WHEN of_make IS NOT NULL THEN format('lower(make) = lower(%L)', of_make) END,
        CASE WHEN of_model IS NOT NULL THEN format('lower(model) = lower(%L)', of_model) END,
        CASE WHEN of_colour IS NOT NULL THEN format('lower(colour) = lower(%L)', of_colour) END,
        CASE WHEN of_kind IS NOT NULL THEN format('lower(kind) = lower(%L)', of_kind) END,
        CASE WHEN after_id IS NOT NULL THEN
            format('(captured_at, id) < (%L::timestamptz, %L::uuid)', after_at, after_id) END
    );
    -- What the question is put by must be shown, or the answer would tell it.
    told constant text := concat_ws(' AND ',
        CASE WHEN of_state IS NOT NULL THEN granted_condition(scopes, 'state') END,
        CASE WHEN coalesce(of_make, of_model, of_colour, of_kind) IS NOT NULL THEN granted_condition(scopes, 'vehicle') END
    );
    columns constant text := concat_ws(', ',
        'id, agency_id, camera_id, camera_name, latitude, longitude',
        shown(scopes, 'direction', 'bearing_deg'),
        'captured_at, expires_on, plate, confidence::double precision, below_threshold',
        shown(scopes, 'state', 'state'),
        shown(scopes, 'vehicle', 'make'),
        shown(scopes, 'vehicle', 'model'),
        shown(scopes, 'vehicle', 'colour'),
        shown(scopes, 'vehicle', 'kind'),
        format('coalesce(%s, false)', shown(scopes, 'pictures', '(plate_image IS NOT NULL)')),
        format('coalesce(%s, false)', shown(scopes, 'pictures', '(scene_image IS NOT NULL)'))
    );
BEGIN
    -- Nothing is older than the longest term.
    since := greatest(since, now() - make_interval(days => 1 + (
        SELECT max(kept_terms.days) FROM kept_terms WHERE kept_terms.agency_id = ANY (owners)
    )));
    WHILE at_most > 0 AND edge > since LOOP
        start := greatest(since, edge - width);
        SELECT string_agg(format(
            '(SELECT * FROM reads WHERE expires_on >= %L AND expires_on < %L AND captured_at >= %L AND captured_at < %L'
            ' AND %s ORDER BY captured_at DESC, id DESC LIMIT %s)',
            lower(span), upper(span), start, edge, concat_ws(' AND ', wanted, nullif(told, '')), at_most
        ), ' UNION ALL ')
        INTO slice FROM unnest(expiry_spans(owners, start, edge)) AS span;
        IF slice IS NOT NULL THEN
            RETURN QUERY EXECUTE format(
                'SELECT %s FROM (%s) AS found ORDER BY captured_at DESC, id DESC LIMIT %s', columns, slice, at_most
            );
            GET DIAGNOSTICS found = ROW_COUNT;
            at_most := at_most - found;
        END IF;
        edge := start;
        width := width * 4;
    END LOOP;
END
$$;

REVOKE ALL ON FUNCTION find_reads FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_reads TO plateward_gateway;

-- The blob keys of a read's pictures, where a scope that shows pictures holds the read.
CREATE FUNCTION find_pictures(scopes jsonb, of_read uuid, of_day date)
RETURNS TABLE (plate_image text, scene_image text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = retention, pg_temp
AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT plate_image, scene_image FROM reads WHERE id = %L AND expires_on = %L'
        ' AND expires_on > (now() AT TIME ZONE ''UTC'')::date AND %s',
        of_read, of_day, granted_condition(scopes, 'pictures')
    );
END
$$;

REVOKE ALL ON FUNCTION find_pictures FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_pictures TO plateward_gateway;

-- migrate:down
DROP FUNCTION find_pictures;
DROP FUNCTION find_reads;
DROP FUNCTION shown;
DROP FUNCTION granted_condition;
CREATE FUNCTION find_reads(
    owners      text[],
    since       timestamptz,
    until       timestamptz,
    at_most     integer,
    first_slice interval,
    after_at    timestamptz,
    after_id    uuid,
    key         text,
    key_like    text,
    grams       text[],
    plate_like  text,
    cameras     text[],
    box         double precision[],
    of_state    text,
    of_make     text,
    of_model    text,
    of_colour   text,
    of_kind     text
) RETURNS SETOF reads
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = retention, pg_temp
SET random_page_cost = 1.1
SET max_parallel_workers_per_gather = 0
SET jit = off
AS $$
DECLARE
    edge  timestamptz := least(until, after_at + interval '1 microsecond', now() + interval '2 days');
    start timestamptz;
    width interval := first_slice;
    slice text;
    found integer;
    wanted constant text := concat_ws(' AND ',
        format('agency_id = ANY (%L::text[])', owners),
        CASE WHEN key IS NOT NULL THEN format('match_key = %L', key) END,
        CASE WHEN key_like IS NOT NULL THEN format('match_key LIKE %L', key_like) END,
        CASE WHEN grams <> '{}' THEN format('plate_grams(match_key) @> %L::text[]', grams) END,
        CASE WHEN plate_like IS NOT NULL THEN format('plate LIKE %L', plate_like) END,
        CASE WHEN cameras IS NOT NULL THEN format('camera_id = ANY (%L::text[])', cameras) END,
        CASE WHEN box IS NOT NULL THEN
            format('latitude BETWEEN %L AND %L AND longitude BETWEEN %L AND %L', box[1], box[2], box[3], box[4]) END,
        CASE WHEN of_state IS NOT NULL THEN format('state = %L', of_state) END,
        CASE WHEN of_make IS NOT NULL THEN format('lower(make) = lower(%L)', of_make) END,
        CASE WHEN of_model IS NOT NULL THEN format('lower(model) = lower(%L)', of_model) END,
        CASE WHEN of_colour IS NOT NULL THEN format('lower(colour) = lower(%L)', of_colour) END,
        CASE WHEN of_kind IS NOT NULL THEN format('lower(kind) = lower(%L)', of_kind) END,
        CASE WHEN after_id IS NOT NULL THEN
            format('(captured_at, id) < (%L::timestamptz, %L::uuid)', after_at, after_id) END
    );
BEGIN
    -- Nothing is older than the longest term.
    since := greatest(since, now() - make_interval(days => 1 + (
        SELECT max(kept_terms.days) FROM kept_terms WHERE agency_id = ANY (owners)
    )));
    WHILE at_most > 0 AND edge > since LOOP
        start := greatest(since, edge - width);
        SELECT string_agg(format(
            '(SELECT * FROM reads WHERE expires_on >= %L AND expires_on < %L AND captured_at >= %L AND captured_at < %L'
            ' AND %s ORDER BY captured_at DESC, id DESC LIMIT %s)',
            lower(span), upper(span), start, edge, wanted, at_most
        ), ' UNION ALL ')
        INTO slice FROM unnest(expiry_spans(owners, start, edge)) AS span;
        IF slice IS NOT NULL THEN
            RETURN QUERY EXECUTE format(
                'SELECT * FROM (%s) AS found ORDER BY captured_at DESC, id DESC LIMIT %s', slice, at_most
            );
            GET DIAGNOSTICS found = ROW_COUNT;
            at_most := at_most - found;
        END IF;
        edge := start;
        width := width * 4;
    END LOOP;
END
$$;

REVOKE ALL ON FUNCTION find_reads FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_reads TO plateward_gateway;
