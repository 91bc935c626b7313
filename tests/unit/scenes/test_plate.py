"""Plates are pressed as their state presses them."""

from itertools import combinations

import numpy as np
import pytest

from plateward.scenes import DESIGNS, draw_plate, random_plate
from plateward.scenes.glyphs import glyph_mask

CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@pytest.mark.parametrize("state", sorted(DESIGNS))
def test_a_random_plate_follows_one_of_its_states_patterns(state: str) -> None:
    rng = np.random.default_rng(7)
    design = DESIGNS[state]
    for _ in range(50):
        text = random_plate(rng, state)
        assert "".join("D" if character.isdigit() else "L" for character in text) in design.patterns
        assert all(character.isdigit() or character in design.letters for character in text)


def test_every_pattern_of_a_state_comes_up() -> None:
    rng = np.random.default_rng(3)
    shapes = {"".join("D" if c.isdigit() else "L" for c in random_plate(rng, "KY")) for _ in range(60)}
    assert shapes == set(DESIGNS["KY"].patterns)


def test_the_same_generator_draws_the_same_plates() -> None:
    first, again, other = (
        [random_plate(rng, "CA") for _ in range(5)] for rng in map(np.random.default_rng, (11, 11, 12))
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize("state", sorted(DESIGNS))
def test_every_design_draws_all_thirty_six_characters_each_unlike_the_others(state: str) -> None:
    pictures = {character: draw_plate(character * 7, state, 96)[..., 1].astype(np.int16) for character in CHARACTERS}
    for one, other in combinations(CHARACTERS, 2):
        assert np.abs(pictures[one] - pictures[other]).max() > 60, (one, other)


@pytest.mark.parametrize(("one", "other"), ["0O", "1I", "8B", "5S", "2Z", "0D", "OQ"])
def test_characters_that_readers_confuse_differ_in_the_die(one: str, other: str) -> None:
    masks = [glyph_mask(character, 26, 55, 6.0).astype(int) for character in (one, other)]
    assert (np.abs(masks[0] - masks[1]) > 128).mean() > 0.03


@pytest.mark.parametrize("width_px", [60, 151, 400])
def test_a_plate_is_twelve_inches_by_six(width_px: int) -> None:
    assert draw_plate("7ABC123", "CA", width_px).shape == (round(width_px / 2), width_px, 3)


def test_a_drawn_plate_is_the_callers_own() -> None:
    draw_plate("7ABC123", "CA", 80)[:] = 0
    assert draw_plate("7ABC123", "CA", 80).any()


@pytest.mark.parametrize("state", ["ZZ", "ca", ""])
def test_an_unknown_state_is_named(state: str) -> None:
    with pytest.raises(ValueError, match=f"state {state!r}"):
        draw_plate("ABC123", state, 120)
    with pytest.raises(ValueError, match=f"state {state!r}"):
        random_plate(np.random.default_rng(1), state)


@pytest.mark.parametrize("text", ["", "ABC 123", "abc123", "AÉC123", "ABC-123"])
def test_a_text_that_no_die_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="capitals A-Z and digits"):
        draw_plate(text, "TX", 120)
