"""TCP ports of the loopback interface."""

import asyncio
import os
import socket
import sys
import weakref


class ReservedPort:
    """A free port of 127.0.0.1 that stays ours, whether or not our server listens on it at the moment.

    We hold a socket that is bound to it and never listens: so the kernel gives the port to nobody who asks for just
    any, while a server that asks for it by number (with SO_REUSEADDR, as servers do) gets it. Other systems than
    Linux would refuse that server; there, nothing holds the port. It is free again when this object is gone.
    """

    def __init__(self) -> None:
        holder = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        self.number: int = holder.getsockname()[1]
        if sys.platform.startswith("linux"):
            weakref.finalize(self, os.close, holder.detach())
        else:
            holder.close()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now.

    Another process may take it before it is used: who starts a server on it tries again with another one.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


async def answers_tcp(port: int) -> bool:
    """Whether something accepts connections on that port of 127.0.0.1."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
