"""What of a text can be kept: what can be seen."""

import re
import unicodedata

import pytest

from services.gateway.writing import SEEN_ALONE, holds_unseen, unwritable


@pytest.mark.parametrize("text", ["", "26-004417", "Señor Núñez, 山田", "two\r\nlines\tand a tab", "😀 é e\u0301"])
def test_what_people_write_can_be_kept(text: str) -> None:
    assert not holds_unseen(text)
    assert re.search(SEEN_ALONE, text)


@pytest.mark.parametrize("code", [0, 7, 0x1B, 0x7F, 0x85, 0xAD, 0x200B, 0x200D, 0x202E, 0x2028, 0x2066, 0x3164, 0xFEFF])
def test_what_cannot_be_seen_is_refused_wherever_it_stands(code: int) -> None:
    for text in (chr(code), f"26{chr(code)}", f"{chr(code)}\n26", f"a{chr(code)}b"):
        assert holds_unseen(text)
        assert not re.search(SEEN_ALONE, text)


def test_no_control_and_no_format_character_is_kept_but_tabs_ends_of_lines_and_those_that_are_drawn() -> None:
    kept = {
        code
        for code in range(0xD800)
        if unicodedata.category(chr(code)) in ("Cc", "Cf") and not holds_unseen(chr(code))
    }
    drawn = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2}  # signs of numbers and of chapters
    assert kept == {0x09, 0x0A, 0x0D} | drawn


def test_fields_are_named() -> None:
    found = unwritable({"reason": "a\0b", "contact": "ext. 2214", "case_number": None})
    assert [one.field for one in found] == ["reason"]
