-- A plate, and what lies further back of the part of one, is looked up by statements that are planned once for each
-- connection: to plan one for the partitions of two years takes a tenth of a second and more, to look a tenth of that.
-- migrate:up

ALTER FUNCTION find_reads RENAME TO find_reads_by_slices;
REVOKE ALL ON FUNCTION find_reads_by_slices FROM plateward_gateway;

-- As before (040). What fits the plate is fetched by a statement with parameters, hundreds and then thousands at a time, the
-- newest first; what the scopes and the question ask besides then sorts it out. The last weeks of a part of a plate are few
-- partitions, and literals find the best plan: they go by slices, as does all that names no three characters, or the cameras.
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
SET plan_cache_mode = force_generic_plan
SET random_page_cost = 1.1
SET max_parallel_workers_per_gather = 0
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    lately    constant interval := '40 days';
    at_a_time integer;
    begins    constant text := substring(key_like FROM '^[^_%]{3,}');
    owners    constant text[] := ARRAY(
        SELECT DISTINCT owner FROM jsonb_array_elements(scopes) AS scope, jsonb_array_elements_text(scope -> 'owners') AS owner
    );
    edge      timestamptz := least(until, after_at + interval '1 microsecond', now() + interval '2 days');
    recent    timestamptz;
    found     integer;
    span      daterange;
    looked_at reads[];
    fitting   reads[];
    answering reads[] := '{}';
    last_read reads;
    wanted constant text := concat_ws(' AND ',
        granted_condition(scopes, NULL),
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
            format('(captured_at, id) < (%L::timestamptz, %L::uuid)', after_at, after_id) END,
        -- What the question is put by must be shown, or the answer would tell it.
        CASE WHEN of_state IS NOT NULL THEN granted_condition(scopes, 'state') END,
        CASE WHEN coalesce(of_make, of_model, of_colour, of_kind) IS NOT NULL THEN granted_condition(scopes, 'vehicle') END
    );
    sorted_out constant text := format(
        'SELECT ARRAY(SELECT reads FROM unnest($1) AS reads WHERE %s ORDER BY captured_at DESC, id DESC LIMIT $2)', wanted
    );
    shows_them constant text := format(
        'SELECT %s FROM unnest($1) AS reads ORDER BY captured_at DESC, id DESC LIMIT $2', concat_ws(', ',
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
    ));
BEGIN
    IF key IS NULL THEN
        recent := CASE WHEN cameras IS NULL AND (grams <> '{}' OR begins IS NOT NULL)
                       THEN greatest(since, edge - lately) ELSE since END;
        RETURN QUERY SELECT * FROM find_reads_by_slices(
            scopes, recent, until, at_most, first_slice, after_at, after_id, key, key_like, grams, plate_like, cameras, box,
            of_state, of_make, of_model, of_colour, of_kind
        );
        GET DIAGNOSTICS found = ROW_COUNT;
        at_most := at_most - found;
        edge := recent;
    END IF;
    -- Nothing is older than the longest term.
    since := greatest(since, now() - make_interval(days => 1 + (
        SELECT max(kept_terms.days) FROM kept_terms WHERE kept_terms.agency_id = ANY (owners)
    )));
    IF at_most = 0 OR edge <= since THEN
        RETURN;
    END IF;
    FOR span IN SELECT unnest(expiry_spans(owners, since, edge)) LOOP
        last_read := NULL;
        at_a_time := CASE WHEN key IS NULL THEN 5000 ELSE greatest(at_most, 200) END;
        LOOP
            IF key IS NOT NULL THEN
                looked_at := ARRAY(
                    SELECT reads FROM reads
                     WHERE match_key = key
                       AND agency_id = ANY (owners) AND expires_on >= lower(span) AND expires_on < upper(span)
                       AND captured_at >= since AND captured_at < edge
                       AND captured_at <= coalesce(last_read.captured_at, edge)
                       AND (last_read.id IS NULL OR (captured_at, id) < (last_read.captured_at, last_read.id))
                     ORDER BY captured_at DESC, id DESC LIMIT at_a_time
                );
            -- A plan for any part of any plate must not go by the times: no index knows captured_at + 0, and OFFSET 0 keeps
            -- the order out.
            ELSIF grams <> '{}' THEN
                looked_at := ARRAY(
                    SELECT one FROM (
                        SELECT reads AS one, captured_at, id FROM reads
                         WHERE plate_grams(match_key) @> grams AND match_key LIKE key_like
                           AND agency_id = ANY (owners) AND expires_on >= lower(span) AND expires_on < upper(span)
                           AND captured_at + interval '0' >= since AND captured_at + interval '0' < edge
                           AND (of_state IS NULL OR state = of_state) AND (plate_like IS NULL OR plate LIKE plate_like)
                           AND (of_make IS NULL OR lower(make) = lower(of_make))
                           AND (of_model IS NULL OR lower(model) = lower(of_model))
                           AND (of_colour IS NULL OR lower(colour) = lower(of_colour))
                           AND (of_kind IS NULL OR lower(kind) = lower(of_kind))
                           AND (last_read.id IS NULL OR (captured_at, id) < (last_read.captured_at, last_read.id))
                        OFFSET 0
                    ) AS that_fit ORDER BY captured_at DESC, id DESC LIMIT at_a_time
                );
            ELSE
                looked_at := ARRAY(
                    SELECT one FROM (
                        SELECT reads AS one, captured_at, id FROM reads
                         WHERE match_key >= begins AND match_key < begins || '~' AND match_key LIKE key_like
                           AND agency_id = ANY (owners) AND expires_on >= lower(span) AND expires_on < upper(span)
                           AND captured_at + interval '0' >= since AND captured_at + interval '0' < edge
                           AND (of_state IS NULL OR state = of_state) AND (plate_like IS NULL OR plate LIKE plate_like)
                           AND (of_make IS NULL OR lower(make) = lower(of_make))
                           AND (of_model IS NULL OR lower(model) = lower(of_model))
                           AND (of_colour IS NULL OR lower(colour) = lower(of_colour))
                           AND (of_kind IS NULL OR lower(kind) = lower(of_kind))
                           AND (last_read.id IS NULL OR (captured_at, id) < (last_read.captured_at, last_read.id))
                        OFFSET 0
                    ) AS that_fit ORDER BY captured_at DESC, id DESC LIMIT at_a_time
                );
            END IF;
            EXECUTE sorted_out INTO fitting USING looked_at, at_most;
            answering := answering || fitting;
            EXIT WHEN cardinality(looked_at) < at_a_time OR cardinality(fitting) >= at_most;
            last_read := looked_at[at_a_time];
            at_a_time := at_a_time * 4;
        END LOOP;
    END LOOP;
    RETURN QUERY EXECUTE shows_them USING answering, at_most;
END
$$;

REVOKE ALL ON FUNCTION find_reads FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_reads TO plateward_gateway;

-- migrate:down
DROP FUNCTION find_reads;
ALTER FUNCTION find_reads_by_slices RENAME TO find_reads;
GRANT EXECUTE ON FUNCTION find_reads TO plateward_gateway;
