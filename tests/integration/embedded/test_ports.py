"""Reserved ports: nobody's but our servers'."""

import gc
import socket
import sys

import pytest

from plateward.embedded.ports import ReservedPort, answers_tcp


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lets us hold a port for a server")
async def test_a_reserved_port_is_for_who_asks_for_it_by_number() -> None:
    port = ReservedPort()
    with socket.socket() as another, pytest.raises(OSError, match="in use"):
        another.bind(("127.0.0.1", port.number))  # as who asks for any port would, were it given this one
    assert not await answers_tcp(port.number)
    with socket.create_server(("127.0.0.1", port.number)):
        assert await answers_tcp(port.number)
    assert not await answers_tcp(port.number)


async def test_a_port_is_free_again_when_its_reservation_is_gone() -> None:
    port = ReservedPort()
    number = port.number
    del port
    gc.collect()
    with socket.socket() as another:
        another.bind(("127.0.0.1", number))
