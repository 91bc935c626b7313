-- migrate:up

-- An account is made without a password: the invitation lets its one person set it, so that nobody else ever knows it.
-- The secret of an authenticator is sealed with a key that the database does not have.
ALTER TABLE people
    ALTER COLUMN password_hash DROP NOT NULL,
    ADD COLUMN created_at        timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN reviewed_at       timestamptz,
    ADD COLUMN locked_at         timestamptz,
    ADD COLUMN directory_name    text,
    ADD COLUMN invitation_sha256 bytea,
    ADD COLUMN invited_until     timestamptz,
    ADD COLUMN totp_sealed       bytea,
    ADD COLUMN totp_last_step    bigint NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX ON people (agency_id, directory_name);
CREATE INDEX ON people (agency_id);

-- `still` is a session in a secured dispatch room: it does not end for want of a move.
ALTER TABLE sessions
    ADD COLUMN last_seen_at timestamptz,
    ADD COLUMN still        boolean NOT NULL DEFAULT false;
UPDATE sessions SET last_seen_at = started_at;
ALTER TABLE sessions ALTER COLUMN last_seen_at SET NOT NULL;
CREATE INDEX ON sessions (person_id, ends_at);

-- Each try, counted before its password is looked at; a successful one is taken back.
CREATE TABLE sign_in_attempts (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username text NOT NULL,
    address  text NOT NULL,
    at       timestamptz NOT NULL
);
CREATE INDEX ON sign_in_attempts (username, at);

-- Half a sign-in: the password was right, the second factor is still to come, or to be set up.
CREATE TABLE sign_in_tickets (
    secret_sha256 bytea PRIMARY KEY,
    person_id     uuid NOT NULL REFERENCES people (id),
    enrolling     boolean NOT NULL,
    challenge     bytea,
    totp_sealed   bytea,
    ends_at       timestamptz NOT NULL
);

CREATE TABLE passkeys (
    credential_id bytea PRIMARY KEY,
    person_id     uuid NOT NULL REFERENCES people (id),
    public_key    bytea NOT NULL,
    sign_count    bigint NOT NULL,
    added_at      timestamptz NOT NULL
);
CREATE INDEX ON passkeys (person_id);

-- Somebody who went to their agency's identity provider, and is to come back to the same browser.
CREATE TABLE directory_sign_ins (
    state_sha256 bytea PRIMARY KEY,
    agency_id    text NOT NULL,
    nonce        text NOT NULL,
    verifier     text NOT NULL,
    ends_at      timestamptz NOT NULL
);

-- One person, signed in at two places at once.
CREATE TABLE concurrent_sessions (
    session_id uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES people (id),
    at         timestamptz NOT NULL,
    addresses  text[] NOT NULL
);
CREATE INDEX ON concurrent_sessions (person_id, at DESC);

CREATE TABLE trainings (
    id           uuid PRIMARY KEY,
    person_id    uuid NOT NULL REFERENCES people (id),
    training_id  text NOT NULL,
    completed_on date NOT NULL,
    recorded_at  timestamptz NOT NULL
);
CREATE INDEX ON trainings (person_id);

CREATE TABLE violations (
    id        uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    at        timestamptz NOT NULL,
    statement text NOT NULL
);
CREATE INDEX ON violations (person_id, at DESC);

CREATE TABLE maintenance_windows (
    id        uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    from_at   timestamptz NOT NULL,
    until_at  timestamptz NOT NULL,
    statement text NOT NULL
);
CREATE INDEX ON maintenance_windows (person_id, until_at DESC);

-- All that was ever done to an account, by whom, and what they said of it.
CREATE TABLE account_changes (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    at        timestamptz NOT NULL,
    command   text NOT NULL,
    statement text NOT NULL,
    done_by   jsonb NOT NULL
);
CREATE INDEX ON account_changes (person_id, id);

-- migrate:down

DROP TABLE account_changes, maintenance_windows, violations, trainings, concurrent_sessions, directory_sign_ins,
    passkeys, sign_in_tickets, sign_in_attempts;
DROP INDEX sessions_person_id_ends_at_idx;
ALTER TABLE sessions DROP COLUMN last_seen_at, DROP COLUMN still;
ALTER TABLE people
    DROP COLUMN created_at, DROP COLUMN reviewed_at, DROP COLUMN locked_at, DROP COLUMN directory_name,
    DROP COLUMN invitation_sha256, DROP COLUMN invited_until, DROP COLUMN totp_sealed, DROP COLUMN totp_last_step;
