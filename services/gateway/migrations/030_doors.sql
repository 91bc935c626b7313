-- migrate:up

-- When an address will have nothing used of how often it may try to sign in. All processes count here.
CREATE TABLE sign_in_rates (
    address text PRIMARY KEY,
    free_at timestamptz NOT NULL
);

-- Answers to writes that were sent under an Idempotency-Key, kept for a day so that a repeated write is done once.
-- An answer is sealed under the sender's key, which is nowhere here: who reads this table can open none.
CREATE TABLE answers (
    id             bytea PRIMARY KEY,
    person_id      uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    route          text NOT NULL,
    request_digest bytea NOT NULL,
    sealed         bytea NOT NULL,
    kept_until     timestamptz NOT NULL
);
CREATE INDEX ON answers (kept_until);

-- migrate:down

DROP TABLE answers, sign_in_rates;
