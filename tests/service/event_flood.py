"""Sends many events at once, as a process of its own: `event_flood HOST:PORT FIRST COUNT`, an event on standard input.

The first has FIRST as its activity, the next one more. Prints a JSON list: the status of each, and the seconds from
connecting to the answer.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any


async def answered(host: str, body: bytes) -> tuple[int, float]:
    """One event on a connection of its own."""
    begun_s = time.monotonic()
    reader, writer = await asyncio.open_connection(*host.split(":"))
    head = f"POST /webhook HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    answer = await reader.read()
    writer.close()
    return int(answer.split()[1]), time.monotonic() - begun_s


async def flood(host: str, fields: dict[str, Any], first: int, count: int) -> list[tuple[int, float]]:
    """All of them at once."""
    bodies = [json.dumps({**fields, "object_id": first + number}).encode() for number in range(count)]
    return await asyncio.gather(*(answered(host, body) for body in bodies))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(flood(sys.argv[1], json.load(sys.stdin), int(sys.argv[2]), int(sys.argv[3])))))
