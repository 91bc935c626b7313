-- migrate:up

-- Cameras come from the topic `cameras` now, with who approved and declared them. What was put on file here without
-- either could not send anyway: it is registered anew, over the gateway.
DROP VIEW camera_places;
DROP TABLE cameras;

-- What the gateways say of each camera, newest version: a CameraRegistration.
CREATE TABLE cameras (
    id        text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$'),
    agency_id text NOT NULL,
    version   bigint NOT NULL,
    document  jsonb NOT NULL
);

-- What all ingest processes have had of a camera, and what was last said of it on `camera-status`.
CREATE TABLE camera_pulses (
    camera_id        text PRIMARY KEY,
    last_frame_at    timestamptz,
    undecodable      integer NOT NULL DEFAULT 0,
    blank            integer NOT NULL DEFAULT 0,
    said_at          timestamptz,
    said_state       text,
    said_fault       text,
    said_last_frame  timestamptz
);

COMMENT ON COLUMN camera_pulses.undecodable IS 'Frames in a row, up to now, that did not decode.';
COMMENT ON COLUMN camera_pulses.blank IS 'Frames in a row, up to now, that showed nothing.';

-- What other services see of a camera: everything but its keys.
CREATE VIEW camera_places AS
SELECT id, agency_id, document -> 'place' ->> 'name' AS name,
       (document -> 'place' ->> 'latitude')::double precision AS latitude,
       (document -> 'place' ->> 'longitude')::double precision AS longitude,
       (document -> 'place' ->> 'bearing_deg')::double precision AS bearing_deg,
       (document ->> 'registered_at')::timestamptz AS registered_at
FROM cameras;

GRANT SELECT ON camera_places TO plateward_gateway;

-- migrate:down

DROP VIEW camera_places;
DROP TABLE camera_pulses, cameras;
