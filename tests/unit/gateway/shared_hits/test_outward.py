"""The gateway is led to no address within, however it is written."""

import pytest

from services.gateway.adapters.outward_addresses import (
    NotOutward,
    OutwardAddresses,
    is_outward,
    why_not_a_receiver,
)

WITHIN = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.2.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::1",
    "2001:db8::1",
]


@pytest.mark.parametrize("address", WITHIN)
def test_an_address_within_is_not_outward(address: str) -> None:
    assert not is_outward(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_a_public_address_is(address: str) -> None:
    assert is_outward(address)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "0x7f.1", "2130706433", "127.1"])
async def test_a_host_that_resolves_within_is_refused_unless_a_setting_names_it(host: str) -> None:
    with pytest.raises(NotOutward):
        await OutwardAddresses(()).of(host, 443)
    with pytest.raises(NotOutward):
        await OutwardAddresses(("another.example",)).of(host, 443)
    assert await OutwardAddresses((host.upper(),)).of(host, 443)


async def test_a_host_without_an_address_is_refused() -> None:
    with pytest.raises(NotOutward, match="no address"):
        await OutwardAddresses(()).of("nowhere.invalid", 443)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://partner.example/hits", "must be https"),
        ("ftp://partner.example/hits", "must be https"),
        ("partner.example", "must be https"),
        ("https://", "is no URL"),
        ("https:///hits", "is no URL"),
        ("https://partner.example:0/", "is no URL"),
        ("https://partner.example:99999/", "is no URL"),
        ("https://[::1", "is no URL"),
        ("https://partner.example/a b", "is no URL"),
        ("https://partner.example/\r\nX: y", "is no URL"),
        ("https://pärtner.example/", "is no URL"),
        ("https://u:p@partner.example/", "must carry no user and no password"),
        ("https://u@partner.example/", "must carry no user and no password"),
        ("https://partner.example/#hits", "must have no fragment"),
    ],
)
def test_what_is_no_receiver(url: str, why: str) -> None:
    assert why_not_a_receiver(url) == why


@pytest.mark.parametrize(
    "url", ["https://partner.example", "https://partner.example:8443/a?b=c", "https://[2606:4700::1]/"]
)
def test_what_is_one(url: str) -> None:
    assert why_not_a_receiver(url) is None
