-- The Merkle tree over the log, and what is signed of it.
-- migrate:up

CREATE TABLE tile_roots (
    level smallint NOT NULL CHECK (level > 0),
    index bigint   NOT NULL CHECK (index >= 0),
    hash  bytea    NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (level, index)
);

COMMENT ON TABLE tile_roots IS 'The roots of whole tiles of 256 hashes; level 0, the leaves, is in records.';

CREATE TABLE checkpoints (
    size      bigint      PRIMARY KEY CHECK (size >= 0),
    note      text        NOT NULL,
    signed_at timestamptz NOT NULL
);

COMMENT ON COLUMN checkpoints.note IS 'C2SP tlog-checkpoint, with the log''s own signature alone.';

CREATE TABLE cosignatures (
    size    bigint NOT NULL REFERENCES checkpoints,
    witness text   NOT NULL,
    line    text   NOT NULL,
    PRIMARY KEY (size, witness)
);

COMMENT ON COLUMN cosignatures.line IS 'C2SP tlog-cosignature: the latest of this witness at this size.';

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit.% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tile_roots
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE tile_roots ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE checkpoints ENABLE ALWAYS TRIGGER append_only;

-- migrate:down
DROP TABLE cosignatures;
DROP TABLE checkpoints;
DROP TABLE tile_roots;
