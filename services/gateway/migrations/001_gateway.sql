-- migrate:up

-- People of the agencies. What a title may do is in the agency's profile, not here.
CREATE TABLE people (
    id            uuid PRIMARY KEY,
    username      text NOT NULL UNIQUE,
    name          text NOT NULL,
    title         text NOT NULL,
    agency_id     text NOT NULL,
    password_hash text NOT NULL,
    active        boolean NOT NULL DEFAULT true
);

-- Sessions by the hash of their secret: who reads this table can sign in as nobody.
CREATE TABLE sessions (
    secret_sha256 bytea PRIMARY KEY,
    public_id     uuid NOT NULL UNIQUE,
    person_id     uuid NOT NULL REFERENCES people (id),
    address       text NOT NULL,
    started_at    timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL
);

-- Searches made, so that a result's pictures are looked at under the search's own reason.
CREATE TABLE searches (
    access_id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    reason    jsonb NOT NULL,
    made_at   timestamptz NOT NULL
);

CREATE TABLE hot_list_entries (
    id         uuid PRIMARY KEY,
    agency_id  text NOT NULL,
    list_id    text NOT NULL,
    entered_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    document   jsonb NOT NULL,
    removed_at timestamptz,
    removed_by text
);
CREATE INDEX ON hot_list_entries (agency_id, entered_at DESC) WHERE removed_at IS NULL;

-- What has yet to reach the topic `hot-list`: written in the transaction of the change itself.
CREATE TABLE outbox (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic    text NOT NULL,
    key      text NOT NULL,
    value    bytea,
    event_id uuid NOT NULL,
    made_at  timestamptz NOT NULL
);

-- The feed of hits that consoles follow. Rows are added under a lock, so that numbers are seen in their order.
-- A hit leaves the feed with the day of its read, or after a week.
CREATE TABLE hit_feed (
    sequence   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hit_id     uuid NOT NULL UNIQUE,
    raised_at  timestamptz NOT NULL,
    expires_on date NOT NULL,
    agencies   text[] NOT NULL,
    document   bytea NOT NULL
);
CREATE INDEX ON hit_feed (raised_at);
