"""A clock whose long waits last until a test lets them end, so that somebody can look meanwhile."""

from __future__ import annotations

import threading
from datetime import datetime

from paceport.clock import ManualClock

# Somebody who looks has a page checked for accessibility meanwhile, for which a busy core needs many seconds.
_LONG_S, _LONGEST_HOLD_S = 60.0, 60.0


class HeldClock(ManualClock):
    """`waits` is set once somebody has slept for more than a minute in all; from then on it lasts until `go_on`."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.waits, self.go_on = threading.Event(), threading.Event()
        self._slept_s = 0.0

    def sleep(self, seconds: float) -> None:
        self._slept_s += max(0.0, seconds)
        if self._slept_s > _LONG_S:
            self.waits.set()
            self.go_on.wait(_LONGEST_HOLD_S)
        super().sleep(seconds)
