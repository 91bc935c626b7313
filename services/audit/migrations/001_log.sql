-- The access log: every look at the data, numbered without gaps, never changed.
-- migrate:up

CREATE TABLE records (
    seq         bigint      PRIMARY KEY CHECK (seq >= 0),
    id          uuid        NOT NULL UNIQUE,
    access_id   uuid        NOT NULL,
    agency_id   text        NOT NULL,
    at          timestamptz NOT NULL,
    canonical   bytea       NOT NULL,
    leaf_hash   bytea       NOT NULL CHECK (leaf_hash = sha256('\x00'::bytea || canonical)),
    appended_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON COLUMN records.seq IS 'The record''s place in the Merkle tree, from 0.';
COMMENT ON COLUMN records.agency_id IS 'The agency of the person who looked.';
COMMENT ON COLUMN records.leaf_hash IS 'RFC 6962, section 2.1: SHA-256(0x00 || canonical).';

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit.records is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

-- For each statement, so that one that finds no row, or every row, is refused alike.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON records
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- ALWAYS: also in a session that plays a replica, where ordinary triggers sleep.
ALTER TABLE records ENABLE ALWAYS TRIGGER append_only;

-- migrate:down
DROP TABLE records;
DROP FUNCTION refuse_change();
