"""How far a long job is: redrawn on a terminal, a line now and then without one."""

from __future__ import annotations

from dataclasses import field

from paceport.amount_text import rough_duration
from paceport.cli.output import Output
from paceport.cli.text_layout import cell_width, shorten
from paceport.clock import Clock
from paceport.lazy_dataclass import dataclass
from paceport.text import clean

_REDRAW_S = 0.2
_LINE_S = 15.0
_LEAST_NAME = 10


@dataclass(slots=True, kw_only=True)
class ProgressLine:
    """One line that tells how far a job is. On a terminal it is redrawn in place; else a new one every 15 seconds."""

    output: Output
    clock: Clock
    _shown_at_s: float | None = field(default=None)
    _shown_length: int = 0

    def update(self, *, done: int, total: int, rate_per_s: float, left_s: float | None, name: str = "") -> None:
        """Show it, if it is time to."""
        if self.output.quiet:
            return
        now_s = self.clock.monotonic_s()
        if self._shown_at_s is None:
            self._shown_at_s = now_s if not self.output.stderr_is_terminal else now_s - _REDRAW_S
        pause_s = _REDRAW_S if self.output.stderr_is_terminal else _LINE_S
        if now_s - self._shown_at_s < pause_s and not (done == total and self._shown_length):
            return
        self._shown_at_s = now_s
        left = f", {rough_duration(left_s)} left" if left_s is not None and done < total else ""
        text = f"{done:,} of {total:,}, {rate_per_s:,.0f} a second{left}"
        if not self.output.stderr_is_terminal:
            self.output.say(text)
            return
        shown = self._fitting(f"{done:,} of {total:,}", f", {rate_per_s:,.0f} a second", left, f"  {clean(name)}")
        length = cell_width(shown)
        self.output.stderr.write(f"\r{shown}{' ' * (self._shown_length - length)}")
        self.output.stderr.flush()
        self._shown_length = length

    def _fitting(self, count: str, rate: str, left: str, name: str) -> str:
        """As much as one line of the terminal holds; the name is shortened, then the rate goes, then what is left."""
        room = (self.output.talk_width or self.output.width) - 1
        for text in (count + rate + left, count + left, count):
            if cell_width(text) <= room:
                return text + (shorten(name, room - cell_width(text)) if room - cell_width(text) >= _LEAST_NAME else "")
        return ""

    def close(self) -> None:
        """Take the line off the terminal."""
        if self._shown_length:
            self.output.stderr.write(f"\r{'':<{self._shown_length}}\r")
            self.output.stderr.flush()
            self._shown_length = 0
