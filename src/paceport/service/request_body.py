"""Bodies of requests, bounded in size and in time."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from starlette.requests import Request

_LONGEST_PAUSE_S = 30.0
# Slower than this after a while is nobody's line: it holds a place that others wait for.
_LEAST_BYTES_PER_S, _SLOW_FOR_S = 8192, 60.0


class BodyRefused(Exception):
    """The body is larger than it may be (413), or its sender was too slow or went away (408)."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


async def read_bounded(request: Request, *, largest: int, within_s: float) -> bytes:
    """The whole body. Raises BodyRefused."""
    found = bytearray()
    try:
        async with asyncio.timeout(within_s):
            async for chunk in request.stream():
                found += chunk
                if len(found) > largest:
                    raise BodyRefused(413)
    except (TimeoutError, ClientDisconnect) as error:
        raise BodyRefused(408) from error
    return bytes(found)


async def write_to_file(request: Request, path: Path, *, largest: int) -> int:
    """Write the body to a file as it comes; its size in bytes. Raises BodyRefused, and OSError on a full disk.

    A sender may pause for half a minute, and not drip for hours.
    """
    size = 0
    said = request.headers.get("content-length", "0")
    if said.isascii() and said.isdigit() and int(said) > largest:
        raise BodyRefused(413)
    chunks, now_s = request.stream(), asyncio.get_running_loop().time
    begun_s = now_s()
    with path.open("wb") as file:
        while True:
            try:
                async with asyncio.timeout(_LONGEST_PAUSE_S):
                    chunk = await anext(chunks)
            except StopAsyncIteration:
                return size
            except (TimeoutError, ClientDisconnect) as error:
                raise BodyRefused(408) from error
            size += len(chunk)
            if size > largest:
                raise BodyRefused(413)
            if (took_s := now_s() - begun_s) > _SLOW_FOR_S and size < _LEAST_BYTES_PER_S * took_s:
                raise BodyRefused(408)
            file.write(chunk)
