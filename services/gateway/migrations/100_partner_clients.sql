-- Machine clients of partner agencies: who registered them, who admits them, their tokens, and what they have asked.
-- migrate:up

CREATE TABLE partner_clients (
    id            text        PRIMARY KEY,
    agency_id     text        NOT NULL,
    registered_by text        NOT NULL,
    registered_at timestamptz NOT NULL,
    document      jsonb       NOT NULL,
    ended_at      timestamptz
);
COMMENT ON COLUMN partner_clients.agency_id IS 'The partner, whose client it is; it may be an agency of another deployment.';
COMMENT ON COLUMN partner_clients.registered_by IS 'The agency of here whose people registered it.';
CREATE INDEX partner_clients_agency ON partner_clients (agency_id);

-- Each owner admits a client for itself. An admission that has ended stays on file.
CREATE TABLE partner_admissions (
    client_id   text        NOT NULL REFERENCES partner_clients,
    owner       text        NOT NULL,
    admitted_at timestamptz NOT NULL,
    admitted_by jsonb       NOT NULL,
    ended_at    timestamptz,
    ended_by    jsonb,
    ended_why   text,
    PRIMARY KEY (client_id, owner, admitted_at)
);
CREATE UNIQUE INDEX partner_admissions_living ON partner_admissions (client_id, owner) WHERE ended_at IS NULL;

-- Each assertion is good once: by the hash of its id, until it would have expired.
CREATE TABLE partner_assertions (
    client_id  text        NOT NULL REFERENCES partner_clients,
    jti_sha256 bytea       NOT NULL,
    until_at   timestamptz NOT NULL,
    PRIMARY KEY (client_id, jti_sha256)
);
CREATE INDEX partner_assertions_until ON partner_assertions (until_at);

-- Tokens by the hash of their secret: who reads this table can ask as nobody.
CREATE TABLE partner_tokens (
    secret_sha256 bytea       PRIMARY KEY,
    public_id     uuid        NOT NULL,
    client_id     text        NOT NULL REFERENCES partner_clients,
    scopes        text[]      NOT NULL,
    ends_at       timestamptz NOT NULL
);
CREATE INDEX partner_tokens_ends ON partner_tokens (ends_at);

-- Every look that a client has asked for, with its signature, by which it cannot deny it. That stays; what is needed to
-- answer the same again, and further pages, goes after a day.
CREATE TABLE partner_looks (
    access_id uuid        PRIMARY KEY,
    client_id text        NOT NULL REFERENCES partner_clients,
    record    bytea       NOT NULL,
    signature text        NOT NULL,
    asked_at  timestamptz NOT NULL,
    begun_at  timestamptz,
    search_id uuid,
    question  jsonb,
    outcome   bytea,
    found     uuid[]
);
COMMENT ON COLUMN partner_looks.record IS 'The canonical bytes that are signed, and that both logs hold.';
COMMENT ON COLUMN partner_looks.begun_at IS 'Since when it is being answered; NULL where it can be taken up.';
CREATE INDEX partner_looks_kept ON partner_looks (asked_at) WHERE question IS NOT NULL;

-- migrate:down
DROP TABLE partner_looks, partner_tokens, partner_assertions, partner_admissions, partner_clients;
