"""What is read of sources' files: each format by example, and by whatever else somebody may send."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateward.contracts.reads import VehicleDescription
from services.gateway.list_sources.accepting import Accepted
from services.gateway.list_sources.designated import Format
from services.gateway.list_sources.faults import Fault
from services.gateway.list_sources.lines import LINE_BYTES_MAX
from services.gateway.list_sources.mapping import InvalidMapping, mapping_of
from services.gateway.list_sources.reading import COPIED, copied, read
from tests.unit.gateway.list_files import LINE, a_list, entries, faults, in_pieces, lines_read

MAPPING = """
columns: {plate: TAG, state: ST, category: TYPE, case_number: CASE, expires_at: UNTIL}
optional: [expires_at]
values: {category: {STV: stolen-vehicle, SLP: stolen-plate}}
dates: "%m/%d/%Y"
delimiter: ";"
encoding: latin-1
"""


@pytest.mark.clause("F2")
def test_a_line_of_an_extract_is_an_entry_with_its_source() -> None:
    [entry] = entries(lines_read(f"{LINE}.VYR/2014.MIS/TAKEN FROM DRIVEWAY\n", "ncic"))
    assert (entry.plate, entry.state, entry.category, entry.source) == ("7KXR214", "CA", "stolen-vehicle", "NCIC")
    assert (entry.entered_by, entry.case_number) == ("CA0390000", "V123456789")
    assert entry.vehicle == VehicleDescription(make="Honda", colour="silver", features=("2014",))
    assert entry.reason == "Stolen vehicle; plate PC 2027; TAKEN FROM DRIVEWAY"


def test_fields_after_spaces_are_fields_and_what_no_policy_looks_for_is_never_kept() -> None:
    line = "MKE/WANTED PERSON - ARMED AND DANGEROUS LIC/ABC123 LIS/NV NAM/DOE, JOHN DOB/19700101 VCO/BLU/WHI"
    [taken] = lines_read(line, "ncic")
    [entry] = entries([taken])
    assert entry.instructions == "NCIC: armed and dangerous"
    assert entry.vehicle is not None
    assert entry.vehicle.colour == "blue"
    assert isinstance(taken.outcome, Accepted)
    assert b"DOE" not in taken.outcome.document
    assert b"1970010" not in taken.outcome.document


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("LIC/ABC123", "MKE"),
        ("MKE/IMMIGRATION VIOLATOR.LIC/ABC123", "MKE"),
        ("MKE/STOLEN VEHICLE", "LIC"),
        ("MKE/STOLEN VEHICLE.LIC/UNK", "LIC"),
        ("MKE/STOLEN VEHICLE.LIC/ABC123.LIC/ABC124", "LIC"),
        ("MKE/STOLEN VEHICLE.LIC/ABCDEFGHIJKLMNOP", "plate"),
        ("MKE/STOLEN VEHICLE.LIC/ABC123.LIS/California", "state"),
        ("MKE/STOLEN VEHICLE.LIC/ABC123.OCA/" + "9" * 201, "case_number"),
        ("MKE/STOLEN VEHICLE.LIC/ABC123.MIS/\u202edrow", "reason"),
        ("stolen: ABC123", "line"),
    ],
)
def test_a_line_that_is_not_taken_says_its_field_and_never_what_stood_there(line: str, field: str) -> None:
    [(number, found, rule)] = faults(lines_read(f"\n{line}\n", "ncic"))
    assert (number, found) == (2, field)
    assert "ABC123" not in rule


@pytest.mark.clause("F7")
def test_a_category_that_is_not_designated_is_not_taken() -> None:
    [(_, field, rule)] = faults(lines_read(LINE, "ncic", categories=("amber-alert",)))
    assert (field, rule) == ("category", "stolen-vehicle is not designated for this list")


def test_a_mapping_says_which_column_is_which_field() -> None:
    text = (
        'CASE;TAG;ST;TYPE;UNTIL\n"26-1;a";abc 123;AZ;stv;03/01/2027\n26-2;ABC124;AZ;XXX;\n26-3;ABC125;AZ;SLP;1.3.27\n'
    )
    read_ = lines_read(text.encode("latin-1"), "csv", mapping=MAPPING)
    [entry] = entries(read_)
    assert (entry.plate, entry.case_number, entry.category) == ("ABC123", "26-1;a", "stolen-vehicle")
    assert entry.expires_at.isoformat() == "2027-03-01T00:00:00+00:00"
    assert [(number, field) for number, field, _ in faults(read_)] == [(3, "category"), (4, "expires_at")]


def test_without_a_mapping_columns_are_named_as_the_fields() -> None:
    [entry] = entries(lines_read("plate,category,priority\nABC?23,amber-alert,routine\n", "csv"))
    assert (entry.plate, entry.priority) == ("ABC?23", "routine")


def test_under_headings_that_lack_a_column_no_line_is_taken() -> None:
    found = faults(lines_read("TAG,TYPE\nABC123,STV\n", "csv"))
    assert [(number, field) for number, field, _ in found] == [(1, "headings"), (2, "line")]


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "columns: {plate: A, colour of hair: B}",
        "columns: {state: ST}",
        "columns: {plate: A}\ndelimiter: ''",
        "columns: {plate: A}\nconstants: {category: speeding}",
        "columns: {plate: A}\nvalues: {priority: {1: urgent}}",
        "plates: {}",
        "- a",
    ],
)
def test_what_is_no_mapping_says_so(text: str) -> None:
    with pytest.raises(InvalidMapping, match="mapping: "):
        mapping_of(text)


@pytest.mark.parametrize("joined", ["\n{}\n{}\n{}\n", "[{}, {},\n {}]"])
def test_json_is_an_object_a_line_or_an_array(joined: str) -> None:
    good, wrong = {"plate": "ABC123", "category": "stolen-plate", "key": "1"}, {"plate": 7}
    marks = iter(json.dumps(one) for one in (good, wrong, good | {"key": "2", "reason": "a\\b\0c"}))
    text = joined
    for mark in marks:
        text = text.replace("{}", mark, 1)
    read_ = lines_read(text, "json")
    assert [field for _, field, _ in faults(read_)] == ["plate", "reason"]
    assert [entry.plate for entry in entries(read_)] == ["ABC123"]


def test_the_same_record_is_the_same_entry_and_another_word_of_it_another_digest() -> None:
    [one], [other] = lines_read(LINE, "ncic"), lines_read(f"{LINE}.MIS/SEEN IN RENO", "ncic")
    assert isinstance(one.outcome, Accepted)
    assert isinstance(other.outcome, Accepted)
    assert one.outcome.entry_id == other.outcome.entry_id
    assert one.outcome.digest != other.outcome.digest


def test_a_known_line_is_not_looked_at_unless_the_list_has_changed() -> None:
    [line] = lines_read(LINE, "ncic")
    assert line.digest is not None
    known = {line.digest}
    assert [one.outcome for one in read([LINE.encode()], a_list("ncic"), known)] == [None]
    [anew] = read([LINE.encode()], a_list("ncic", grade="informational"), known)
    assert isinstance(anew.outcome, Accepted)


texts = st.text(max_size=40) | st.sampled_from(
    [LINE, '{"plate":"ABC123","category":"other"}', "ABC123,other,", '"', "["]
)
files = st.lists(texts, max_size=8).map("\n".join).map(lambda text: text.encode("utf-8", "surrogatepass"))
anything = files | st.binary(max_size=200) | st.binary(max_size=30).map(lambda data: data * 2000)


@pytest.mark.parametrize("format", ["ncic", "csv", "json"])
@given(data=anything, size=st.integers(1, 50_000))
def test_whatever_is_sent_every_line_is_taken_or_rejected_and_none_is_lost(
    format: Format, data: bytes, size: int
) -> None:
    read_ = list(read(in_pieces(data, size), a_list(format)))
    numbers = [one.number for one in read_]
    lines = [number for number, line in enumerate(data.split(b"\n"), start=1) if is_a_line(line, number)]
    if format == "json" and data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
        assert numbers == list(range(1, len(numbers) + 1))
    elif format == "csv" and numbers != lines:
        assert numbers == lines[1:], "only the headings are no record"
    else:
        assert numbers == lines
    for one in read_:
        row = copied(one)
        assert row.count(b"\n") == 1
        assert row.count(b"\t") == len(COPIED) - 1
        assert isinstance(one.outcome, Accepted | Fault)
    assert len(entries(read_)) + len(faults(read_)) == len(read_)


@given(data=st.binary(max_size=60), pieces=st.integers(1, 150), padding=st.integers(0, 3 * LINE_BYTES_MAX))
def test_a_file_says_the_same_however_it_is_cut_into_pieces(data: bytes, pieces: int, padding: int) -> None:
    whole = b" " * padding + data + b"x" * padding + b"\n" + data
    size = len(whole) // pieces + 1  # where there is little padding, that is byte by byte
    assert list(read(in_pieces(whole, size), a_list("ncic"))) == list(read([whole], a_list("ncic")))


def is_a_line(line: bytes, number: int) -> bool:
    return bool((line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip())
