-- Reads and hits, one partition for each day of expiry (UTC), and the account of what was purged.
-- migrate:up

CREATE TABLE reads (
    id           uuid             NOT NULL,
    frame_id     uuid             NOT NULL,
    agency_id    text             NOT NULL,
    camera_id    text             NOT NULL,
    camera_name  text             NOT NULL,
    latitude     double precision NOT NULL,
    longitude    double precision NOT NULL,
    bearing_deg  double precision,
    captured_at  timestamptz      NOT NULL,
    plate        text COLLATE "C" NOT NULL,
    match_key    text COLLATE "C" NOT NULL,
    confidence   double precision NOT NULL,
    state        text,
    source       text             NOT NULL,
    plate_image  text             NOT NULL,
    scene_image  text             NOT NULL,
    document     jsonb            NOT NULL,
    expires_on   date             NOT NULL,
    PRIMARY KEY (id, expires_on)
) PARTITION BY LIST (expires_on);

COMMENT ON COLUMN reads.expires_on IS 'The first UTC day on which the read is no longer kept.';
COMMENT ON COLUMN reads.match_key IS 'The plate with confusable characters folded together (plateward.plates).';
COMMENT ON COLUMN reads.document IS 'The whole event.';

-- Plates are collated by their bytes, so that a prefix is a range of the index whatever the database's own locale.
CREATE INDEX reads_match_key ON reads (match_key, captured_at);
CREATE INDEX reads_captured_at ON reads (captured_at);
CREATE INDEX reads_camera ON reads (camera_id, captured_at);

CREATE TABLE hits (
    id               uuid        NOT NULL,
    raised_at        timestamptz NOT NULL,
    read_id          uuid        NOT NULL,
    entry_id         uuid        NOT NULL,
    entry_agency_id  text        NOT NULL,
    camera_agency_id text        NOT NULL,
    agencies         text[]      NOT NULL,
    document         jsonb       NOT NULL,
    expires_on       date        NOT NULL,
    PRIMARY KEY (id, expires_on)
) PARTITION BY LIST (expires_on);

COMMENT ON COLUMN hits.agencies IS 'The agencies that may see it.';
COMMENT ON COLUMN hits.expires_on IS 'That of its read: a hit outlives none.';

CREATE INDEX hits_raised_at ON hits (raised_at);
CREATE INDEX hits_read_id ON hits (read_id);

CREATE TABLE purges (
    day         date        PRIMARY KEY,
    started_at  timestamptz NOT NULL,
    reads       bigint      NOT NULL DEFAULT 0,
    hits        bigint      NOT NULL DEFAULT 0,
    blobs       bigint      NOT NULL DEFAULT 0,
    finished_at timestamptz
);

COMMENT ON TABLE purges IS 'What was deleted of each day of expiry. A purge without an end is taken up again.';

-- What the gateway may see. The views are not security barriers: with those, LIKE and array operators lose their
-- indexes. They hide a day from its first moment on, however late its purge.
CREATE VIEW searchable_reads AS
SELECT id, agency_id, camera_id, camera_name, latitude, longitude, bearing_deg, captured_at, plate, match_key,
       confidence, state, source, plate_image, scene_image, expires_on
FROM reads
WHERE expires_on > (now() AT TIME ZONE 'UTC')::date;

CREATE VIEW searchable_hits AS
SELECT id, raised_at, read_id, entry_id, entry_agency_id, camera_agency_id, agencies, document, expires_on
FROM hits
WHERE expires_on > (now() AT TIME ZONE 'UTC')::date;

GRANT USAGE ON SCHEMA retention TO plateward_gateway;
GRANT SELECT ON searchable_reads, searchable_hits TO plateward_gateway;

-- migrate:down
REVOKE USAGE ON SCHEMA retention FROM plateward_gateway;
DROP VIEW searchable_reads, searchable_hits;
DROP TABLE reads, hits, purges;
