-- What a purge deleted, noted as it goes; the certificates made of that; and how far the purger trusts the clock.
-- migrate:up

CREATE TABLE purge_items (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day            date   NOT NULL,
    agency_id      text   NOT NULL,
    place          text   NOT NULL,
    kind           text   NOT NULL CHECK (kind IN ('reads', 'hits', 'images', 'evidence', 'key')),
    count          bigint NOT NULL,
    sha256         bytea,
    key_id         uuid,
    done_at        timestamptz,
    certificate_id uuid
);

COMMENT ON TABLE purge_items IS 'Noted before it is deleted, done when it is; then a certificate says so.';
COMMENT ON COLUMN purge_items.place IS 'The partition, folder or key that it was.';
COMMENT ON COLUMN purge_items.sha256 IS 'Of the ids, 16 bytes each, or of the blob keys, one a line, in their order.';

CREATE INDEX purge_items_uncertified ON purge_items (day) WHERE certificate_id IS NULL;

CREATE TABLE purge_certificates (
    id           uuid        PRIMARY KEY,
    agency_id    text        NOT NULL,
    day          date        NOT NULL,
    issued_at    timestamptz NOT NULL,
    statement    text        NOT NULL,
    signature    bytea       NOT NULL,
    signer       text        NOT NULL,
    published_at timestamptz
);

COMMENT ON COLUMN purge_certificates.statement IS 'The JSON, byte for byte as it was signed.';

CREATE INDEX purge_certificates_agency ON purge_certificates (agency_id, day);
CREATE INDEX purge_certificates_unpublished ON purge_certificates (issued_at) WHERE published_at IS NULL;

CREATE TABLE purge_clock (
    only_row boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    reached  timestamptz NOT NULL
);

COMMENT ON TABLE purge_clock IS 'The latest time that a purge has believed.';

GRANT SELECT ON purge_certificates TO plateward_gateway;

-- migrate:down
DROP TABLE purge_clock, purge_certificates, purge_items;
