"""Whose turn it is: what a job is waited for decides when it runs."""

from __future__ import annotations

from enum import IntEnum


class Turn(IntEnum):
    """Why work for an athlete is to be done; the greater goes first."""

    URGENT = 90  # something was deleted, or the athlete has left
    PERSON = 80  # somebody looks at a page and waits
    EVENT = 50  # an activity is new or was changed
    DAILY = 30  # the listing that finds what no event told
    REFRESH = 20  # what is kept gets old
    BACKFILL = 10  # what was there before the athlete came

    @property
    def is_background(self) -> bool:
        """Whether it leaves a share of every window to the others."""
        return self <= Turn.REFRESH
