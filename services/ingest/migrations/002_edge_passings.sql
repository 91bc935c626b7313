-- Which passings of vehicles edge readers have reported: later reports of the same passing are the same read.
-- migrate:up

CREATE TABLE edge_passings (
    camera_id   text        NOT NULL,
    mark        uuid        NOT NULL,
    read_id     uuid        NOT NULL,
    captured_at timestamptz NOT NULL,
    seen_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (camera_id, mark)
);

COMMENT ON COLUMN edge_passings.mark IS 'A hash of what a passing is known by. Rows are forgotten after a day.';

CREATE INDEX edge_passings_seen_at ON edge_passings (seen_at);

-- migrate:down

DROP TABLE edge_passings;
