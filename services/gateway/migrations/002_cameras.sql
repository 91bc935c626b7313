-- migrate:up

-- The cameras of all agencies as they are on file: a CameraRegistration each, with hashes of keys and no key.
CREATE TABLE cameras (
    id        text PRIMARY KEY,
    agency_id text NOT NULL,
    version   bigint NOT NULL,
    document  jsonb NOT NULL
);
CREATE INDEX ON cameras (agency_id);

-- All that was ever done to a camera, and how it was on file after it: where it stood, who allowed it, what was found.
CREATE TABLE camera_changes (
    camera_id text NOT NULL REFERENCES cameras (id),
    version   bigint NOT NULL,
    command   text NOT NULL,
    person_id uuid NOT NULL,
    done_by   jsonb NOT NULL,
    document  jsonb NOT NULL,
    PRIMARY KEY (camera_id, version)
);

-- What ingest last said of a camera, from the topic `camera-status`.
CREATE TABLE camera_statuses (
    camera_id text PRIMARY KEY,
    at        timestamptz NOT NULL,
    document  jsonb NOT NULL
);

-- What an inspection list is made of; the interval is in the agency's profile.
CREATE VIEW camera_inspections AS
SELECT id, agency_id, document - 'keys' AS document FROM cameras;

-- migrate:down

DROP VIEW camera_inspections;
DROP TABLE camera_statuses, camera_changes, cameras;
