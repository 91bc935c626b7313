-- Memoranda of understanding: every version with its signatures, and how many searches were made under each.
-- migrate:up

CREATE TABLE mous (
    id       text    NOT NULL,
    version  integer NOT NULL,
    grantor  text    NOT NULL,
    grantee  text    NOT NULL,
    document jsonb   NOT NULL,
    PRIMARY KEY (id, version)
);
COMMENT ON COLUMN mous.document IS 'The terms, who has signed them, and who has stopped it. What counts are the signatures.';
CREATE INDEX mous_grantor ON mous (grantor);
CREATE INDEX mous_grantee ON mous (grantee);

-- Grows with each change, so that each process sees with one row whether its prepared policies are still the current ones.
CREATE TABLE mou_changes (
    the_one boolean PRIMARY KEY DEFAULT true CHECK (the_one),
    number  bigint  NOT NULL
);
INSERT INTO mou_changes (number) VALUES (0);

CREATE FUNCTION count_mou_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE mou_changes SET number = number + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER count_mou_change AFTER INSERT OR UPDATE OR DELETE ON mous
    FOR EACH STATEMENT EXECUTE FUNCTION count_mou_change();

CREATE TABLE mou_searches (
    mou_id   text    NOT NULL,
    day      date    NOT NULL,
    searches integer NOT NULL,
    PRIMARY KEY (mou_id, day)
);

-- migrate:down
DROP TABLE mou_searches, mou_changes, mous;
DROP FUNCTION count_mou_change;
