import pytest

from services.recognizer.inscription import WORDS_FILE, Inscription, inscription_of, odds
from services.recognizer.syntax import LONGEST, SHORTEST, Syntax

US = Syntax(["us"])


@pytest.mark.parametrize(
    ("text", "printed", "kind"),
    [
        ("7ABC123", "7ABC123", Inscription.ISSUED),
        ("12345AB", "12345AB", Inscription.PERSONAL),
        ("AB123", "AB123", Inscription.SHORT_ISSUED),
        ("D12345", "012345", Inscription.RESPELLED),
        ("GT40", "GT40", Inscription.SHORT),
        ("123456", "123456", Inscription.FIGURE),
        ("GOFAST", "GOFAST", Inscription.WORD),
        ("PARKING", "PARKING", Inscription.KNOWN_WORD),
        ("PARKINC", "PARKINC", Inscription.KNOWN_WORD),
        ("EXIT", "EXIT", Inscription.KNOWN_WORD),
        ("EXAT", "EXAT", Inscription.WORD),
        ("EXIT79B", "EXIT 79B", Inscription.LABEL),
        ("14MILE", "1/4 MILE", Inscription.LABEL),
    ],
)
def test_the_kind_of_an_inscription(text: str, printed: str, kind: Inscription) -> None:
    assert inscription_of(text, printed, US) is kind


def test_what_is_issued_is_a_plate_sooner_than_anything_else() -> None:
    assert max(Inscription, key=lambda kind: kind.value) is Inscription.ISSUED
    assert min(Inscription, key=lambda kind: kind.value) is Inscription.KNOWN_WORD


@pytest.mark.parametrize("printed", ["Abc1234", "(ABC) 1:234", "ABC-1234-"])
def test_lower_case_and_symbols_are_rare_on_plates(printed: str) -> None:
    assert odds("ABC1234", printed, 0.98, US) < odds("ABC1234", "ABC-1234", 0.98, US)


@pytest.mark.parametrize("printed", ["12:47:09", "12:47", "24-10-2014", "2014-05-0S", "2014-05-"])
def test_a_date_or_a_time_is_no_plate_even_if_a_part_of_it_is_misread(printed: str) -> None:
    assert odds("ABC1234", printed, 0.98, US) < 0.05


@pytest.mark.parametrize("printed", ["ABC-1234", "2T4:0211", "20-14-AB"])
def test_a_plates_groups_are_no_date(printed: str) -> None:
    assert odds("ABC1234", printed, 0.98, US) > 1


def test_what_is_read_unsurely_may_be_anything() -> None:
    assert odds("ABC1234", "ABC1234", 0.6, US) < odds("ABC1234", "ABC1234", 0.98, US) / 10


def test_every_word_listed_can_be_met() -> None:
    listed = [word for line in WORDS_FILE.read_text().splitlines() if line.startswith("  ") for word in line.split()]
    assert listed
    assert [word for word in listed if not SHORTEST <= len(word) <= LONGEST] == []
    assert {inscription_of(word, word, US) for word in listed} == {Inscription.KNOWN_WORD}
