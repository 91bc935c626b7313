-- Holds that people agree on at the gateway: it sees which are in evidence, and why one could not be placed.
-- migrate:up

CREATE TABLE hold_refusals (
    hold_id    uuid        PRIMARY KEY,
    agency_id  text        NOT NULL,
    reason     text        NOT NULL,
    refused_at timestamptz NOT NULL DEFAULT now()
);

CREATE VIEW holds_stand AS
SELECT h.id, h.agency_id, h.copied_at, NULL::text AS refused FROM holds h WHERE h.copied_at IS NOT NULL
UNION ALL
SELECT r.hold_id, r.agency_id, NULL, r.reason FROM hold_refusals r;

GRANT SELECT ON holds_stand TO plateward_gateway;

-- migrate:down
DROP VIEW holds_stand;
DROP TABLE hold_refusals;
