"""The file of the entries' documents."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from services.matcher.adapters.document_file import DocumentFile

FOLDER = Path("/tmp")


@given(st.lists(st.lists(st.binary(max_size=50), max_size=4), max_size=4))
def test_each_document_is_found_at_its_place(batches: list[list[bytes]]) -> None:
    file = DocumentFile(FOLDER)
    places = [place for batch in batches for place in file.keep(batch).tolist()]
    assert [file.read(place) for place in places] == [document for batch in batches for document in batch]
    assert 0 not in places
    file.close()


def test_nothing_of_it_can_be_found_in_its_folder(tmp_path: Path) -> None:
    file = DocumentFile(tmp_path / "work")
    file.keep([b"7KXR214"])
    assert list((tmp_path / "work").iterdir()) == []
    file.close()
