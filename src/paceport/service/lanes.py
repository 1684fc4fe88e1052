"""Threads for what blocks, a few for each kind of work, so that a flood of one kind never stops another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


class LaneFull(Exception):
    """Nobody was free in time, or the work took too long. The caller may try again."""


class Lane:
    """So many threads for one kind of work. If all are busy, `most` may wait, each for at most `longest_wait_s`."""

    def __init__(self, name: str, *, threads: int, most: int, longest_wait_s: float) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._free = asyncio.Semaphore(threads)
        self._waiting, self._most, self._longest_wait_s = 0, most, longest_wait_s

    async def run(self, work: Callable[[], Result], *, within_s: float | None = None) -> Result:
        """What `work` gives. Raises LaneFull, at the latest after `within_s`; work that has begun still ends."""
        if self._waiting >= self._most:
            raise LaneFull
        self._waiting += 1
        try:
            async with asyncio.timeout(within_s):
                await self._wait_for_thread()
                begun = asyncio.get_running_loop().run_in_executor(self._executor, work)
                begun.add_done_callback(self._release)
                return await asyncio.shield(begun)
        except TimeoutError as error:
            raise LaneFull from error
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Wait for what runs."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    async def _wait_for_thread(self) -> None:
        async with asyncio.timeout(self._longest_wait_s):
            await self._free.acquire()

    def _release(self, ended: asyncio.Future[Result]) -> None:
        self._free.release()
        if not ended.cancelled():
            ended.exception()  # whoever waited has it, or gave up: nobody is to be told that nobody looked
