-- migrate:up

CREATE TABLE cameras (
    id            text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$'),
    agency_id     text NOT NULL,
    name          text NOT NULL,
    latitude      double precision NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude     double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    bearing_deg   double precision CHECK (bearing_deg >= 0 AND bearing_deg < 360),
    key_sha256    bytea NOT NULL CHECK (octet_length(key_sha256) = 32),
    state         text NOT NULL DEFAULT 'working' CHECK (state IN ('working', 'faulty', 'out-of-service')),
    registered_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON COLUMN cameras.bearing_deg IS 'The direction of travel that it watches, clockwise from north.';
COMMENT ON COLUMN cameras.key_sha256 IS 'The SHA-256 of the camera''s key; the key itself is kept nowhere.';

-- What other services see of a camera: everything but its key.
CREATE VIEW camera_places AS
SELECT id, agency_id, name, latitude, longitude, bearing_deg, state, registered_at FROM cameras;

GRANT USAGE ON SCHEMA ingest TO plateward_gateway;
GRANT SELECT ON camera_places TO plateward_gateway;

-- migrate:down

DROP VIEW camera_places;
DROP TABLE cameras;
REVOKE USAGE ON SCHEMA ingest FROM plateward_gateway;
