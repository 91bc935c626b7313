-- migrate:up

-- Where partners' machine clients have hits delivered by signed webhook. Secrets are sealed for the subscription.
CREATE TABLE hit_subscriptions (
    id               uuid PRIMARY KEY,
    client_id        text NOT NULL,
    agency_id        text NOT NULL,
    url              text NOT NULL,
    made_at          timestamptz NOT NULL,
    after            bigint NOT NULL,
    secret           bytea NOT NULL,
    old_secret       bytea,
    old_secret_until timestamptz,
    failures         integer NOT NULL DEFAULT 0,
    failing_since    timestamptz,
    next_at          timestamptz NOT NULL,
    leased_until     timestamptz,
    ended_at         timestamptz,
    ended_why        text
);
COMMENT ON COLUMN hit_subscriptions.after IS 'The number in the feed up to which it has been looked for hits.';
COMMENT ON COLUMN hit_subscriptions.leased_until IS 'Until then one process of the gateway delivers for it, and no other.';
CREATE UNIQUE INDEX hit_subscriptions_running ON hit_subscriptions (client_id, url) WHERE ended_at IS NULL;

-- What was delivered to whom, or is to be. The hit itself stays in the feed: what leaves is made when it leaves.
CREATE TABLE hit_deliveries (
    id              uuid PRIMARY KEY,
    way             text NOT NULL CHECK (way IN ('webhook', 'stream')),
    subscription_id uuid REFERENCES hit_subscriptions (id),
    client_id       text NOT NULL,
    agency_id       text NOT NULL,
    owners          text[] NOT NULL,
    hit_id          uuid NOT NULL,
    sequence        bigint NOT NULL,
    made_at         timestamptz NOT NULL,
    state           text NOT NULL CHECK (state IN ('waiting', 'delivered', 'given-up', 'withheld', 'superseded')),
    changed_at      timestamptz NOT NULL,
    why             text NOT NULL DEFAULT '',
    tries           integer NOT NULL DEFAULT 0,
    aside           boolean NOT NULL DEFAULT false,
    next_at         timestamptz NOT NULL,
    round           integer NOT NULL DEFAULT 0,
    record          bytea,
    recorded        boolean NOT NULL DEFAULT false,
    sent_again_by   text NOT NULL DEFAULT ''
);
COMMENT ON COLUMN hit_deliveries.record IS 'The access record under which it leaves, as the log has it; `recorded` once that is durable.';
COMMENT ON COLUMN hit_deliveries.round IS 'How many access records it has had: one each time that it is sent again, or under other agreements.';
CREATE INDEX hit_deliveries_waiting ON hit_deliveries (subscription_id, sequence) WHERE state = 'waiting';
CREATE INDEX hit_deliveries_of_subscription ON hit_deliveries (subscription_id, made_at);
CREATE INDEX hit_deliveries_by_time ON hit_deliveries (made_at DESC);

CREATE TABLE hit_delivery_tries (
    delivery_id uuid NOT NULL REFERENCES hit_deliveries (id) ON DELETE CASCADE,
    at          timestamptz NOT NULL,
    took_ms     integer NOT NULL,
    status      integer,
    problem     text NOT NULL DEFAULT ''
);
CREATE INDEX hit_delivery_tries_of ON hit_delivery_tries (delivery_id, at);

-- migrate:down
DROP TABLE hit_delivery_tries, hit_deliveries, hit_subscriptions;
