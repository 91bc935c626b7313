"""Server-sent events, as they come off a line (WHATWG HTML, 9.2)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One event: its kind, its data, and the id by which the stream resumes after it."""

    kind: str
    data: str
    id: str | None


async def events(lines: AsyncIterator[str]) -> AsyncIterator[StreamEvent]:
    """The events in these lines; comments, which keep a line alive, are none."""
    kind, data, last_id = "message", list[str](), None
    async for line in lines:
        if not line:
            if data:
                yield StreamEvent(kind, "\n".join(data), last_id)
            kind, data = "message", []
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            data.append(value)
        elif name == "event":
            kind = value
        elif name == "id" and "\0" not in value:
            last_id = value
