-- A read is a vehicle's pass, voted over its frames; one below its agency's threshold is kept apart by a mark.
-- migrate:up

ALTER TABLE reads
    ADD COLUMN frames          integer NOT NULL DEFAULT 1,
    ADD COLUMN last_seen_at    timestamptz,
    ADD COLUMN direction       text,
    ADD COLUMN below_threshold boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN reads.frames IS 'How many frames were voted over; a record of more frames replaces one of fewer.';
COMMENT ON COLUMN reads.below_threshold IS 'Less probable than its agency asks for: raises no hit by itself.';

CREATE OR REPLACE VIEW searchable_reads AS
SELECT id, agency_id, camera_id, camera_name, latitude, longitude, bearing_deg, captured_at, plate, match_key,
       confidence, state, source, plate_image, scene_image, expires_on, frames, last_seen_at, direction,
       below_threshold
FROM reads
WHERE expires_on > (now() AT TIME ZONE 'UTC')::date;

-- migrate:down
DROP VIEW searchable_reads;
CREATE VIEW searchable_reads AS
SELECT id, agency_id, camera_id, camera_name, latitude, longitude, bearing_deg, captured_at, plate, match_key,
       confidence, state, source, plate_image, scene_image, expires_on
FROM reads
WHERE expires_on > (now() AT TIME ZONE 'UTC')::date;
GRANT SELECT ON searchable_reads TO plateward_gateway;
ALTER TABLE reads DROP COLUMN frames, DROP COLUMN last_seen_at, DROP COLUMN direction, DROP COLUMN below_threshold;
