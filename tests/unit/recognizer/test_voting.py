"""Several looks vote on one spelling."""

from hypothesis import given
from hypothesis import strategies as st

from services.recognizer.engine import Candidate, PlateFound
from services.recognizer.voting import vote
from tests.unit.recognizer.sightings import BOX, a_plate

TEXTS = st.sampled_from(["7KXR214", "7KXR2I4", "7KXR2T4", "7KXR24", "1KXR214"])


@st.composite
def looks(draw: st.DrawFn) -> PlateFound:
    texts = draw(st.lists(TEXTS, min_size=1, max_size=4, unique=True))
    shares = sorted((draw(st.floats(0.01, 0.97 / len(texts))) for _ in texts), reverse=True)
    candidates = tuple(Candidate(text, share) for text, share in zip(texts, shares, strict=True))
    return PlateFound(texts[0], shares[0], (shares[0],) * len(texts[0]), candidates, BOX, 1.8)


@given(looks())
def test_one_look_alone_is_believed_as_it_is(look: PlateFound) -> None:
    assert vote([look]).confidence == max(one.confidence for one in look.candidates)
    assert {(one.text, one.confidence) for one in vote([look]).candidates} == {
        (one.text, one.confidence) for one in look.candidates
    }


@given(st.lists(looks(), min_size=1, max_size=6), st.randoms())
def test_the_order_of_the_looks_makes_no_difference(given_looks: list[PlateFound], random: object) -> None:
    other = given_looks[::-1]
    one, reverse = vote(given_looks), vote(other)
    assert (one.text, round(one.confidence, 9)) == (reverse.text, round(reverse.confidence, 9))


@given(st.lists(looks(), min_size=1, max_size=6))
def test_the_candidates_are_shares_best_first_and_begin_with_the_winner(given_looks: list[PlateFound]) -> None:
    result = vote(given_looks)
    shares = [one.confidence for one in result.candidates]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1 + 1e-9
    assert (result.candidates[0].text, result.candidates[0].confidence) == (result.text, result.confidence)
    assert len(result.candidates) <= 5


@given(st.floats(0.55, 0.99), st.integers(2, 9))
def test_looks_that_agree_are_surer_than_each(confidence: float, count: int) -> None:
    result = vote([a_plate("7KXR214", confidence)] * count)
    assert result.text == "7KXR214"
    assert result.confidence > confidence or confidence > 0.98


@given(st.floats(0.75, 0.95), st.floats(0.5, 0.99))
def test_two_sure_looks_outvote_one(sure: float, outlier: float) -> None:
    assert vote([a_plate("7KXR2T4", outlier), *[a_plate("7KXR214", sure)] * 2]).text == "7KXR214"


def test_a_spelling_that_no_look_put_first_can_win() -> None:
    one = a_plate("7KXR2T4", 0.5, second=Candidate("7KXR214", 0.45))
    other = a_plate("7KXR2I4", 0.5, second=Candidate("7KXR214", 0.45))
    assert vote([one, other]).text == "7KXR214"


def test_many_looks_at_a_smudge_are_no_proof() -> None:
    smudge = a_plate("7KXR2T4", 0.4, second=Candidate("7KXR214", 0.35))
    assert vote([smudge] * 9).confidence < 0.7
