"""The file of the entries' documents."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from services.matcher.adapters.document_file import DocumentFile


@given(st.lists(st.lists(st.binary(max_size=50), max_size=4), max_size=8))
def test_each_document_is_found_at_its_place(batches: list[list[bytes]]) -> None:
    file = DocumentFile(Path(tempfile.gettempdir()), file_bytes=100)
    places = [place for batch in batches for place in file.keep(batch).tolist()]
    assert [file.read(place) for place in places] == [document for batch in batches for document in batch]
    assert 0 not in places
    file.close()


def test_nothing_of_it_can_be_found_in_its_folder(tmp_path: Path) -> None:
    file = DocumentFile(tmp_path / "work")
    file.keep([b"7KXR214"])
    assert list((tmp_path / "work").iterdir()) == []
    file.close()


def test_a_list_that_is_renewed_again_and_again_takes_no_more_room(tmp_path: Path) -> None:
    file = DocumentFile(tmp_path, file_bytes=100)
    places: list[int] = []
    for renewal in range(10):
        document = str(renewal).encode() * 30
        renewed = [file.keep([document]).tolist()[0] for _ in range(12)]
        for place in places:
            file.forget(place)
        places = renewed
        assert [file.read(place) for place in places] == [document] * 12
        assert len(file) <= 4
    file.close()
