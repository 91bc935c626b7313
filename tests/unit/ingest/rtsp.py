"""A camera that speaks RTSP (RFC 2326): JPEG pictures (RFC 2435) in RTP packets, on the connection that asked."""

import asyncio
import itertools
import struct
from contextlib import suppress

from tests.unit.ingest.pictures import jpeg, soft
from tests.unit.ingest.streams import SIZE, LiveCamera

_TICKS_A_FRAME = 9_000  # of RTP's clock of 90 kHz: ten frames a second
_FRAGMENT_BYTES = 1_200
_SESSION = "2611"
_SDP = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=road\r\nt=0 0\r\nm=video 0 RTP/AVP 26\r\na=control:track1\r\n"


class RtspCamera(LiveCamera):
    """Plays its frames to whoever asks."""

    SCHEME = "rtsp"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                request = (await reader.readuntil(b"\r\n\r\n")).decode()
                method = request.split(" ", 1)[0]
                writer.write(self._answer(method, request).encode())
                if method == "PLAY":
                    self.connections += 1
                    await self._play(writer)
                    break
        writer.close()

    def _answer(self, method: str, request: str) -> str:
        number = next(line.split(":", 1)[1].strip() for line in request.splitlines() if line.startswith("CSeq"))
        lines = [f"RTSP/1.0 200 OK\r\nCSeq: {number}"]
        match method:
            case "OPTIONS":
                lines.append("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN")
            case "DESCRIBE":
                lines += [f"Content-Base: {self.address}/", "Content-Type: application/sdp"]
                lines.append(f"Content-Length: {len(_SDP)}")
                return "\r\n".join(lines) + "\r\n\r\n" + _SDP
            case "SETUP":
                lines += ["Transport: RTP/AVP/TCP;unicast;interleaved=0-1", f"Session: {_SESSION}"]
            case _:
                lines.append(f"Session: {_SESSION}")
        return "\r\n".join(lines) + "\r\n\r\n"

    async def _play(self, writer: asyncio.StreamWriter) -> None:
        numbers = itertools.count()
        for frame in range(self._frames):
            for payload, last in _payloads(jpeg(soft(*SIZE))):
                header = struct.pack("!BBHII", 0x80, 26 | last << 7, next(numbers), frame * _TICKS_A_FRAME, 0x9A7E)
                packet = header + payload
                writer.write(b"$\x00" + struct.pack("!H", len(packet)) + packet)
            await writer.drain()


def _payloads(picture: bytes) -> list[tuple[bytes, bool]]:
    """The picture's scan in fragments, the first with its quantisation tables; and which of them ends it."""
    tables, scan = _parts(picture)
    fragments = [scan[start : start + _FRAGMENT_BYTES] for start in range(0, len(scan), _FRAGMENT_BYTES)]
    payloads = []
    for number, fragment in enumerate(fragments):
        offset = (number * _FRAGMENT_BYTES).to_bytes(3, "big")
        # Type 1 is 4:2:0; a Q of 255 says that the tables come along.
        head = b"\x00" + offset + bytes([1, 255, SIZE[0] // 8, SIZE[1] // 8])
        along = struct.pack("!BBH", 0, 0, len(tables)) + tables if number == 0 else b""
        payloads.append((head + along + fragment, number == len(fragments) - 1))
    return payloads


def _parts(picture: bytes) -> tuple[bytes, bytes]:
    """The quantisation tables and the scan of a baseline JPEG."""
    tables, at = b"", 2
    while picture[at + 1] != 0xDA:
        length = int.from_bytes(picture[at + 2 : at + 4], "big")
        if picture[at + 1] == 0xDB:
            segment = picture[at + 4 : at + 2 + length]
            tables += b"".join(segment[start + 1 : start + 65] for start in range(0, len(segment), 65))
        at += 2 + length
    begins = at + 2 + int.from_bytes(picture[at + 2 : at + 4], "big")
    return tables, picture[begins : picture.rindex(b"\xff\xd9")]
