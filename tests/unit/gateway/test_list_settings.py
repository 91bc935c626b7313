"""What the settings say of lists from elsewhere."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.gateway.adapters.body_limit import brings_a_list
from services.gateway.adapters.idempotency import takes_keys
from services.gateway.settings import ListSource


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"url": "http://source.test/list"}, "url must be https"),
        ({"url": "https://source.test/list", "folder": Path("/srv/lists")}, "not by both"),
        ({"format": "xml"}, "format"),
        ({"every_minutes": 0}, "every_minutes"),
    ],
)
def test_a_source_that_cannot_be_meant_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ListSource.model_validate({"agency": "flagstaff", "list": "mvd", "format": "csv"} | changes)


@pytest.mark.parametrize("url", ["https://source.test/list", "http://127.0.0.1:8000/list", "http://localhost/list"])
def test_a_list_is_fetched_over_tls_or_from_this_machine(url: str) -> None:
    source = ListSource.model_validate({"agency": "flagstaff", "list": "mvd", "format": "csv", "url": url})
    assert str(source.url) == url


def test_only_the_file_of_a_list_may_be_as_large_as_a_list_and_is_never_held_for_a_key() -> None:
    assert brings_a_list("/v1/lists/ncic/file")
    assert brings_a_list("/lists/ncic/file")
    assert not takes_keys("PUT", "/v1/lists/ncic/file")
    for path in ("/v1/lists", "/v1/lists/a/b/file", "/v1/lists/ncic/file/more", "/x/v1/lists/ncic/file"):
        assert not brings_a_list(path), path
    assert takes_keys("POST", "/v1/lists/ncic/pull")
