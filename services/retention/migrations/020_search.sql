-- What a search needs: a narrow heap, grams of plates, the days that can hold an answer, and no row without a scope.
-- migrate:up

-- Whole events lie beside the reads: no search looks at them, and the heap that searches walk is a fifth of the size.
CREATE TABLE read_documents (
    id         uuid  NOT NULL,
    expires_on date  NOT NULL,
    document   jsonb NOT NULL,
    PRIMARY KEY (id, expires_on)
) PARTITION BY LIST (expires_on);

COMMENT ON COLUMN read_documents.document IS 'The whole event.';

DO $$
DECLARE
    day text;
BEGIN
    FOR day IN
        SELECT substr(relname, 7) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'reads'::regclass
    LOOP
        EXECUTE format('CREATE TABLE read_documents_%s (LIKE read_documents INCLUDING ALL)', day);
        EXECUTE format('ALTER TABLE read_documents ATTACH PARTITION read_documents_%s FOR VALUES IN (%L)', day, day);
    END LOOP;
END
$$;
INSERT INTO read_documents (id, expires_on, document) SELECT id, expires_on, document FROM reads;

DROP VIEW searchable_reads;

ALTER TABLE reads
    ADD COLUMN make   text,
    ADD COLUMN model  text,
    ADD COLUMN colour text,
    ADD COLUMN kind   text;
UPDATE reads SET
    make   = document #>> '{vehicle,make}',
    model  = document #>> '{vehicle,model}',
    colour = document #>> '{vehicle,colour}',
    kind   = document #>> '{vehicle,kind}'
WHERE document ? 'vehicle';
ALTER TABLE reads DROP COLUMN document;

-- How a part of a plate is looked up. A gram is a character and its place from the front (a7: the first is 7) or from
-- the end (n2: the last is 2), or two or three characters that follow each other.
-- A loop, since a query in a function takes eight times as long, and an insert waits for it. What substr gives less of at
-- the end of a plate is a pair again, or one character, which nobody asks for.
CREATE FUNCTION plate_grams(key text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    grams text[] := '{}';
    long  constant integer := length(key);
BEGIN
    FOR place IN 1..long LOOP
        grams := grams || ARRAY[
            chr(96 + place) || substr(key, place, 1),
            chr(110 + long - place) || substr(key, place, 1),
            substr(key, place, 2),
            substr(key, place, 3)
        ];
    END LOOP;
    RETURN grams;
END
$$;

CREATE INDEX reads_grams ON reads USING gin (plate_grams(match_key));

-- For how many days each agency's reads are kept, of all that are still there: noted with the rows themselves, so that
-- a search knows every day of expiry on which reads of its time can lie, and asks no other partition.
CREATE TABLE kept_terms (
    agency_id       text    NOT NULL,
    days            integer NOT NULL,
    last_expires_on date    NOT NULL,
    PRIMARY KEY (agency_id, days)
);

COMMENT ON COLUMN kept_terms.days IS 'From the UTC day of the image to the day of expiry.';
COMMENT ON COLUMN kept_terms.last_expires_on IS 'After this day nothing of this term is left.';

-- What is known already is passed over before the insert: ON CONFLICT would lock it, and inserts would wait in a row.
CREATE FUNCTION note_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO retention.kept_terms AS known (agency_id, days, last_expires_on)
    SELECT term.agency_id, term.days, term.last_expires_on
    FROM (
        SELECT agency_id, expires_on - (captured_at AT TIME ZONE 'UTC')::date AS days, max(expires_on) AS last_expires_on
        FROM arrived GROUP BY 1, 2
    ) AS term
    WHERE NOT EXISTS (
        SELECT FROM retention.kept_terms AS held
        WHERE held.agency_id = term.agency_id AND held.days = term.days
          AND held.last_expires_on >= term.last_expires_on
    )
    ORDER BY 1, 2
    ON CONFLICT (agency_id, days) DO UPDATE
        SET last_expires_on = greatest(known.last_expires_on, excluded.last_expires_on);
    RETURN NULL;
END
$$;

CREATE TRIGGER note_terms_of_new AFTER INSERT ON reads
    REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION note_terms();
CREATE TRIGGER note_terms_of_changed AFTER UPDATE ON reads
    REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION note_terms();

INSERT INTO kept_terms (agency_id, days, last_expires_on)
SELECT agency_id, expires_on - (captured_at AT TIME ZONE 'UTC')::date, max(expires_on) FROM reads GROUP BY 1, 2;

-- The spans of days of expiry on which reads of these agencies and this time lie, as far as they are kept today. Spans
-- that touch are one, so that no row lies in two.
CREATE FUNCTION expiry_spans(owners text[], since timestamptz, until timestamptz) RETURNS datemultirange
LANGUAGE sql STABLE AS $$
    SELECT coalesce(range_agg(daterange(first_day, last_day, '[]')), '{}')
    FROM retention.kept_terms,
         LATERAL (
             SELECT greatest((since AT TIME ZONE 'UTC')::date + days, (now() AT TIME ZONE 'UTC')::date + 1) AS first_day,
                    least((until AT TIME ZONE 'UTC')::date + days, last_expires_on) AS last_day
         ) AS span
    WHERE agency_id = ANY (owners) AND first_day <= last_day
$$;

-- The scope: the agencies whose reads the transaction may see, by the setting plateward.owners. Without it, none.
CREATE FUNCTION scope() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT string_to_array(current_setting('plateward.owners', true), ',')
$$;

-- The fence for whoever is not the owner of the table, whatever it was granted.
ALTER TABLE reads ENABLE ROW LEVEL SECURITY;
CREATE POLICY within_the_scope ON reads FOR SELECT
    USING (agency_id = ANY ((SELECT retention.scope())::text[]));
-- No policy: nobody but the owner sees a row.
ALTER TABLE read_documents ENABLE ROW LEVEL SECURITY;

-- What the gateway may see: reads within the scope. It is no security barrier, and its owner passes the fence above:
-- with either, LIKE and array operators lose their indexes. So the view holds the scope itself.
CREATE VIEW searchable_reads AS
SELECT id, agency_id, camera_id, camera_name, latitude, longitude, bearing_deg, captured_at, plate, match_key,
       confidence, state, source, plate_image, scene_image, expires_on, frames, last_seen_at, direction,
       below_threshold, make, model, colour, kind
FROM reads
WHERE expires_on > (now() AT TIME ZONE 'UTC')::date
  AND agency_id = ANY ((SELECT scope())::text[]);

GRANT SELECT ON searchable_reads TO plateward_gateway;

-- The search, with the rights of the table's owner, and never without owners. The window is asked in slices, the newest
-- first and each next one four times as long, until there are enough. Each slice is planned with its own literals, so
-- that only the partitions of its days are opened, and each span of days by itself: planning grows with the square of
-- the partitions in one query, and takes longer than looking. A condition that is NULL is none.
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

-- migrate:down
DROP FUNCTION find_reads;
DROP VIEW searchable_reads;
DROP POLICY within_the_scope ON reads;
ALTER TABLE reads DISABLE ROW LEVEL SECURITY;
DROP FUNCTION expiry_spans, scope;
DROP TRIGGER note_terms_of_new ON reads;
DROP TRIGGER note_terms_of_changed ON reads;
DROP FUNCTION note_terms;
DROP TABLE kept_terms;
DROP INDEX reads_grams;
DROP FUNCTION plate_grams;
ALTER TABLE reads ADD COLUMN document jsonb;
UPDATE reads SET document = read_documents.document FROM read_documents
WHERE read_documents.id = reads.id AND read_documents.expires_on = reads.expires_on;
ALTER TABLE reads ALTER COLUMN document SET NOT NULL,
    DROP COLUMN make, DROP COLUMN model, DROP COLUMN colour, DROP COLUMN kind;
DROP TABLE read_documents;
CREATE VIEW searchable_reads AS
SELECT id, agency_id, camera_id, camera_name, latitude, longitude, bearing_deg, captured_at, plate, match_key,
       confidence, state, source, plate_image, scene_image, expires_on, frames, last_seen_at, direction,
       below_threshold
FROM reads
WHERE expires_on > (now() AT TIME ZONE 'UTC')::date;
GRANT SELECT ON searchable_reads TO plateward_gateway;
