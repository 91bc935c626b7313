"""`plateward policy check`, the sentences that it says, and the schema that profiles are written against."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from plateward.cli import PROFILE_SCHEMA, app
from plateward.policy.catalogue import load_catalogue
from plateward.policy.plain_words import in_plain_words

STRICT = Path(__file__).parents[2] / "data" / "profiles" / "ashgrove.yaml"
PROFILES = Path(__file__).parents[3] / "plateward" / "policy" / "profiles"


def check(which: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(app, ["policy", "check", *([which] if which else [])])
    return result.exit_code, result.output


def test_all_agencies_are_explained_and_free_of_contradictions() -> None:
    code, said = check()
    assert code == 0
    assert said.count("Free of contradictions") == len(load_catalogue())
    assert "Only the Administrative Division Commander or the Information Technology Manager creates accounts" in said


def test_one_agency_or_file_or_folder_is_enough() -> None:
    assert check("florence")[1].count("Free of contradictions") == 1
    assert "Ashgrove" in check(str(STRICT))[1]
    assert "Ashgrove" in check(str(STRICT.parent))[1]
    code, said = check("mayberry")
    assert (code, "no agency's id" in said) == (2, True)


def test_a_contradiction_fails_and_says_where(tmp_path: Path) -> None:
    document = yaml.safe_load(STRICT.read_text(encoding="utf-8"))
    document["retention"]["default_days"] = 30
    (tmp_path / "ashgrove.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("id: [", encoding="utf-8")
    code, said = check(str(tmp_path))
    assert code == 1
    assert "✗ retention.default_days: 30 days is longer than the 21 days that Washington SB 6002 (2026) allows" in said
    assert "✗ broken.yaml" in said


@pytest.mark.parametrize("agency", load_catalogue())
def test_every_sentence_is_whole(agency: str) -> None:
    for chapter in in_plain_words(load_catalogue()[agency]):
        assert chapter.sentences, chapter.title
        for sentence in chapter.sentences:
            assert sentence[0].isupper() or sentence[0].isdigit(), sentence
            assert sentence.endswith("."), sentence
            assert "nobody" not in sentence.lower() or sentence.startswith("Nobody"), sentence


@pytest.mark.parametrize("file", [*sorted(PROFILES.glob("*.yaml")), STRICT], ids=lambda file: file.stem)
def test_profiles_keep_to_the_schema_that_is_generated(file: Path) -> None:
    schema = json.loads((PROFILES.parents[2] / PROFILE_SCHEMA).read_text(encoding="utf-8"))
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document | {"retention_days": 30}, schema)
