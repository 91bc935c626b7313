"""A month of made-up reads, the same for a number: DuckDB makes them, for itself and for PostgreSQL."""

from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from plateward.plates.confusion import CONFUSION_CLASSES
from plateward.policy.catalogue import load_catalogue

DAYS = 30
CAMERAS = 500

SHARES = {"flagstaff": 30, "stockton": 30, "barstow": 20, "florence": 10, "kentucky": 10}
"""Reads in a hundred, by agency."""

COLUMNS = (
    "id, frame_id, agency_id, camera_id, camera_name, latitude, longitude, bearing_deg, captured_at, plate, match_key, "
    "confidence, state, source, plate_image, scene_image, frames, below_threshold, make, model, colour, kind, "
    "expires_on"
)

PLATES_EACH = 3.6
"""Reads of a plate in the month, in the mean; a few are seen daily, most once or twice."""


def connected(folder: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB on one thread, as each search of PostgreSQL has one."""
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.execute("SET memory_limit = '3GB'")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET temp_directory = '{folder / 'spill'}'")
    return connection


def make_reads(folder: Path, number: int, until: datetime) -> Path:
    """The reads as one Parquet file, in the order of their times; and for each day of expiry as CSV below `days/`."""
    parquet = folder / "reads.parquet"
    connection = connected(folder)
    connection.execute(f"COPY ({_reads(number, until)}) TO '{parquet}' (FORMAT parquet)")
    connection.execute(
        f"COPY (SELECT {COLUMNS} FROM '{parquet}') TO '{folder / 'days'}'"
        " (FORMAT csv, HEADER false, PARTITION_BY (expires_on), WRITE_PARTITION_COLUMNS true)"
    )
    connection.close()
    return parquet


def _reads(number: int, until: datetime) -> str:
    """The i-th read is at the i-th moment; all else of it is drawn by hashes of i."""
    begin = until - timedelta(days=DAYS)
    step_us = DAYS * 86_400_000_000 // number
    folded = {other: group[0] for group in CONFUSION_CLASSES for other in group[1:]}
    letters = "".join(f"chr((65 + (v // {26**place}) % 26)::int) || " for place in range(3)).removesuffix(" || ")
    digits = "(v // 17576 % 10000)"
    first, three = "(v // 1e9::bigint % 9 + 1)", f"lpad(({digits} % 1000)::varchar, 3, '0')"
    return f"""
    WITH drawn AS (
        SELECT i, (hash(i) % {CAMERAS})::int AS camera,
               hash((pow((hash(i + 1e9::bigint) % 1000003) / 1000003.0, 2) * {number / PLATES_EACH * 2})::bigint) AS v,
               hash(i + 2e9::bigint) AS luck
        FROM range({number}) AS made (i)
    ), placed AS (
        SELECT *, CASE {_agencies()} END AS agency_id,
               CASE WHEN v % 10 < 6 THEN {first} || {letters} || {three}
                    WHEN v % 10 < 9 THEN {letters} || lpad({digits}::varchar, 4, '0')
                    ELSE {letters} || {three} END AS plate
        FROM drawn
    ), kept AS (
        SELECT *, CASE {_terms()} END AS days,
               TIMESTAMPTZ '{begin.isoformat()}' + to_microseconds(i * {step_us}) AS captured_at
        FROM placed
    )
    SELECT md5('r' || i)::uuid AS id, md5('f' || i)::uuid AS frame_id, agency_id, 'bench-' || camera AS camera_id,
           'Camera ' || camera || ' at the junction' AS camera_name,
           34 + (camera % 25) * 0.02::double AS latitude, -112 + (camera // 25) * 0.02::double AS longitude,
           (camera * 45 % 360)::double AS bearing_deg, captured_at, plate,
           translate(plate, '{"".join(folded)}', '{"".join(folded.values())}') AS match_key,
           0.7 + luck % 300 / 1000.0 AS confidence,
           CASE WHEN luck % 10 < 7 THEN ['AZ', 'CA', 'KY', 'OR'][(v % 4)::int + 1] END AS state,
           CASE WHEN days = 30 AND agency_id = 'barstow' THEN 'vendor-cloud' ELSE 'recognizer' END AS source,
           'p/' || i AS plate_image, 's/' || i AS scene_image, 1 + (luck % 8)::int AS frames, false AS below_threshold,
           ['Honda', 'Ford', 'Toyota', 'Chevrolet', NULL][(v % 5)::int + 1] AS make, NULL AS model,
           ['white', 'black', 'silver', 'red', NULL][(v // 7 % 5)::int + 1] AS colour, NULL AS kind,
           (captured_at::date + days::int) AS expires_on
    FROM kept
    """


def _agencies() -> str:
    upto, cases = 0, ""
    for agency, share in SHARES.items():
        upto += share
        cases += f"WHEN camera % 100 < {upto} THEN '{agency}' "
    return cases


def _terms() -> str:
    """Each agency's days by its own policy; a fifth of the cameras of one that keeps some sources for another time."""
    cases = ""
    for agency in SHARES:
        kept = load_catalogue()[agency].retention
        for days in kept.source_days.values():
            cases += f"WHEN agency_id = '{agency}' AND camera % 5 = 0 THEN {days} "
        cases += f"WHEN agency_id = '{agency}' THEN {kept.default_days} "
    return cases
