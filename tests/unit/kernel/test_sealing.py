import pytest

from plateward.kernel.sealing import Unopenable, new_data_key, open_sealed, seal, sealed_under

PLACE = "2026-03-01/barstow/r1/plate.jpg"
IMAGE = bytes(range(256)) * 64


def test_what_was_sealed_opens_in_its_place() -> None:
    key = new_data_key()
    sealed = seal(key, IMAGE, PLACE)
    assert sealed_under(sealed) == key.id
    assert open_sealed(key, sealed, PLACE) == IMAGE
    assert IMAGE[:16] not in sealed


def test_the_same_image_is_never_sealed_alike() -> None:
    key = new_data_key()
    assert seal(key, IMAGE, PLACE) != seal(key, IMAGE, PLACE)


def test_it_opens_in_no_other_place() -> None:
    key = new_data_key()
    with pytest.raises(Unopenable, match="r2"):
        open_sealed(key, seal(key, IMAGE, PLACE), PLACE.replace("r1", "r2"))


def test_it_opens_with_no_other_key() -> None:
    sealed = seal(new_data_key(), IMAGE, PLACE)
    with pytest.raises(Unopenable, match="under another key"):
        open_sealed(new_data_key(), sealed, PLACE)


@pytest.mark.parametrize("byte", [0, 4, 19, 20, 31, 32, -1])
def test_one_byte_changed_is_noticed(byte: int) -> None:
    key = new_data_key()
    sealed = bytearray(seal(key, IMAGE, PLACE))
    sealed[byte] ^= 1
    with pytest.raises(Unopenable):
        open_sealed(key, bytes(sealed), PLACE)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"PWS1", b"PWS1" + bytes(16), b"PWS1" + bytes(40)])
def test_what_was_not_sealed_does_not_open(data: bytes) -> None:
    with pytest.raises(Unopenable):
        open_sealed(new_data_key(), data, PLACE)


def test_a_key_does_not_show_its_secret() -> None:
    assert "secret" not in repr(new_data_key())
