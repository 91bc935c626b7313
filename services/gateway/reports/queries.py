"""The queries that give a report's figures, as data: whoever doubts a figure asks the database the same again.

They are asked within the scope of the agency (setting plateward.owners), whose id is $1; the period is from $2 up to,
and without, $3.
"""

from dataclasses import dataclass
from typing import Literal

Parameter = Literal["agency", "since", "until", "inspection_days"]

OF_PERIOD: tuple[Parameter, ...] = ("agency", "since", "until")


@dataclass(frozen=True, slots=True)
class Query:
    """A figure: what it says, its columns, and the SQL that gives it."""

    id: str
    title: str
    says: str
    columns: tuple[str, ...]
    sql: str
    parameters: tuple[Parameter, ...] = OF_PERIOD
    bars: tuple[int, int] | None = None
    """The columns of names and of amounts that a chart shows."""


DETECTIONS = Query(
    "detections",
    "Detections",
    "Reads by camera, of those that are still kept; what was deleted since is under Deleted, by certificate.",
    ("Camera", "Name", "Reads"),
    """SELECT camera_id, max(camera_name), count(*)
  FROM retention.searchable_reads
 WHERE agency_id = $1 AND captured_at >= $2 AND captured_at < $3
 GROUP BY camera_id ORDER BY 3 DESC, 1""",
    bars=(1, 2),
)
DEPLOYMENTS = Query(
    "deployments",
    "Deployments and what they gave",
    "Cameras that stood in the period, who approved where, and what is still kept of what they saw.",
    ("Camera", "Kind", "Place", "From", "Until", "Approved by", "Reads", "Hits"),
    """SELECT c.id, document ->> 'kind' || CASE WHEN document ->> 'special' = 'true' THEN ', special' ELSE '' END,
       document #>> '{place,name}', left(document ->> 'placed_at', 10),
       coalesce(left(document ->> 'ends_at', 10), 'open'),
       coalesce(document #>> '{approval,name}' || ', ' || (document #>> '{approval,title}'), 'nobody'),
       coalesce(r.reads, 0), coalesce(h.hits, 0)
  FROM gateway.camera_inspections c
  LEFT JOIN (SELECT camera_id, count(*) AS reads FROM retention.searchable_reads
              WHERE agency_id = $1 AND captured_at >= $2 AND captured_at < $3 GROUP BY 1) r ON r.camera_id = c.id
  LEFT JOIN (SELECT document #>> '{read,camera_id}' AS camera_id, count(*) AS hits FROM retention.searchable_hits
              WHERE camera_agency_id = $1 AND raised_at >= $2 AND raised_at < $3 GROUP BY 1) h ON h.camera_id = c.id
 WHERE c.agency_id = $1 AND (document ->> 'placed_at')::timestamptz < $3
   AND coalesce((document ->> 'ends_at')::timestamptz, 'infinity') > $2
 ORDER BY 1""",
)
DELETED = Query(
    "deleted",
    "Deleted, by certificate",
    "What purges deleted of the agency in the period, as their signed certificates state it.",
    ("Kind", "Certificates", "Deleted"),
    """SELECT lot ->> 'kind', count(DISTINCT id), sum((lot ->> 'count')::bigint)::bigint
  FROM retention.purge_certificates, jsonb_array_elements(statement::jsonb -> 'deleted') AS lot
 WHERE agency_id = $1 AND issued_at >= $2 AND issued_at < $3
 GROUP BY 1 ORDER BY 1""",
)
HITS = Query(
    "hits",
    "Hits generated",
    "Hits that the agency was told, by what the vehicle is listed for, of those that are still kept.",
    ("Listed for", "Hits"),
    """SELECT document #>> '{entry,category}', count(*)
  FROM retention.searchable_hits
 WHERE agencies @> ARRAY[$1] AND raised_at >= $2 AND raised_at < $3
 GROUP BY 1 ORDER BY 2 DESC, 1""",
    bars=(0, 1),
)
CONTRADICTED = Query(
    "contradicted-hits",
    "Hits contradicted, by camera",
    "Hits of the agency's cameras that state of issue or vehicle spoke against. Which hits people found to be false"
    " is not kept yet: it comes with the hit desk.",
    ("Camera", "Hits", "Contradicted", "Share in percent"),
    """SELECT document #>> '{read,camera_id}', count(*), count(*) FILTER (WHERE against),
       round(100.0 * count(*) FILTER (WHERE against) / count(*), 1)
  FROM retention.searchable_hits,
       LATERAL (SELECT document #>> '{comparison,state}' = 'contradicts'
                    OR coalesce(document #> '{comparison,vehicle}', '{}') @? '$.* ? (@ == "contradicts")' AS against) c
 WHERE camera_agency_id = $1 AND raised_at >= $2 AND raised_at < $3
 GROUP BY 1 ORDER BY 4 DESC, 2 DESC, 1""",
    bars=(0, 3),
)
INVESTIGATIONS = Query(
    "investigations",
    "Investigations in which reads were asked for",
    "Searches by what the register said of their case; which investigations were significant is for people to say.",
    ("The register said", "Cases", "Inquiries"),
    """SELECT coalesce(document #>> '{case,found}', 'no case named'), count(DISTINCT document #>> '{case,number}'),
       count(*)
  FROM audit.access_records
 WHERE agency_id = $1 AND at >= $2 AND at < $3 AND document ->> 'phase' = 'asked' AND document ->> 'action' = 'search'
 GROUP BY 1 ORDER BY 3 DESC, 1""",
)
PURPOSES = Query(
    "purposes",
    "Searches by purpose",
    "What the agency's people asked for, and how often something was found.",
    ("Purpose", "Searches", "People", "Found something"),
    """SELECT document #>> '{reason,purpose}', count(*) FILTER (WHERE document ->> 'phase' = 'asked'),
       count(DISTINCT document #>> '{actor,person_id}'), count(*) FILTER (WHERE (document ->> 'results')::bigint > 0)
  FROM audit.access_records
 WHERE agency_id = $1 AND at >= $2 AND at < $3 AND document ->> 'action' = 'search'
 GROUP BY 1 ORDER BY 2 DESC, 1""",
    bars=(0, 1),
)
LOOKS = Query(
    "looks",
    "What was accessed and requested",
    "Every kind of look that the agency's people took, with those that failed.",
    ("Kind", "Asked", "People", "Not answered"),
    """SELECT document ->> 'action', count(*) FILTER (WHERE document ->> 'phase' = 'asked'),
       count(DISTINCT document #>> '{actor,person_id}'), count(*) FILTER (WHERE document ->> 'phase' = 'failed')
  FROM audit.access_records
 WHERE agency_id = $1 AND at >= $2 AND at < $3
 GROUP BY 1 ORDER BY 2 DESC, 1""",
)
PARTNERS = Query(
    "partners",
    "Looks of other agencies at this agency's data",
    "By agency and purpose.",
    ("Agency", "Purpose", "Looks"),
    """SELECT agency_id, document #>> '{reason,purpose}', count(*)
  FROM audit.access_records
 WHERE others @> ARRAY[$1] AND agency_id <> $1 AND at >= $2 AND at < $3 AND document ->> 'phase' = 'asked'
 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2""",
)
ACCOUNTS = Query(
    "accounts",
    "Accounts",
    "Accounts as they are now, by title, and how many were reviewed in the period.",
    ("Title", "Open", "Closed", "Reviewed in the period"),
    """SELECT title, count(*) FILTER (WHERE active), count(*) FILTER (WHERE NOT active),
       count(*) FILTER (WHERE reviewed_at >= $2 AND reviewed_at < $3)
  FROM gateway.people WHERE agency_id = $1 GROUP BY 1 ORDER BY 1""",
)
ACCOUNT_CHANGES = Query(
    "account-changes",
    "What was done to accounts",
    "Made, reviewed, closed, suspended, in the period.",
    ("What", "Times", "Accounts"),
    """SELECT c.command, count(*), count(DISTINCT c.person_id)
  FROM gateway.account_changes c JOIN gateway.people p ON p.id = c.person_id
 WHERE p.agency_id = $1 AND c.at >= $2 AND c.at < $3
 GROUP BY 1 ORDER BY 2 DESC, 1""",
)
AUDITS = Query(
    "audits",
    "Audits of inquiries",
    "Audits that were closed in the period, and what they found.",
    ("Audit", "Inquiries", "Drawn", "Violations", "Cannot be told", "With data errors"),
    """SELECT a.id, a.population, count(j.place), count(*) FILTER (WHERE j.verdict = 'violation'),
       count(*) FILTER (WHERE j.verdict = 'undetermined'), count(*) FILTER (WHERE j.data_errors <> '')
  FROM gateway.audits a
  LEFT JOIN (SELECT DISTINCT ON (audit_id, place) * FROM gateway.audit_judgements ORDER BY audit_id, place, id DESC) j
    ON j.audit_id = a.id
 WHERE a.agency_id = $1 AND (a.closed ->> 'at')::timestamptz >= $2 AND (a.closed ->> 'at')::timestamptz < $3
 GROUP BY a.id, a.population, a.opened_at ORDER BY a.opened_at""",
)
INSPECTIONS = Query(
    "inspections",
    "Inspections overdue",
    "Cameras whose last inspection, or registration, was longer ago at the end of the period than the policy allows.",
    ("Camera", "Name", "Last inspected", "Days overdue"),
    """SELECT id, document #>> '{place,name}', coalesce(left(document ->> 'last_inspected_at', 10), 'never'),
       floor(extract(epoch FROM $2 - since) / 86400)::int - $3
  FROM gateway.camera_inspections,
       LATERAL (SELECT coalesce(document ->> 'last_inspected_at', document ->> 'registered_at')::timestamptz AS since) s
 WHERE agency_id = $1 AND since + make_interval(days => $3) < $2
 ORDER BY 4 DESC, 1""",
    parameters=("agency", "until", "inspection_days"),
)

ALL = (
    DETECTIONS, DEPLOYMENTS, HITS, CONTRADICTED, INVESTIGATIONS, PURPOSES, LOOKS, PARTNERS, AUDITS, ACCOUNTS,
    ACCOUNT_CHANGES, INSPECTIONS, DELETED,
)  # fmt: skip
"""The figures of every report, in their order."""

NOT_KEPT = (
    "Dispositions of hits (verified, refuted, stops, recoveries, arrests) are not kept yet: they come with the hit"
    " desk. Until then no share of false hits is told, only that of contradicted ones."
)
