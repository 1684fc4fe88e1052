"""Puts an address together that was pasted in one piece, or in several because something had wrapped it."""

from __future__ import annotations

from paceport.errors import RedirectRefused
from paceport.oauth.protocol.redirect import Redirect, read_redirect

# An address has a few lines at the most; what was pasted long before is not part of it.
_MOST_PIECES = 10


class PastedAddress:
    """What one person has pasted so far while a login waits for the answer with this `state`."""

    def __init__(self, state: str) -> None:
        self._state = state
        self._pieces: list[str] = []
        self._doubtful: Redirect | None = None

    @property
    def is_doubtful(self) -> bool:
        """Whether a good address lies here that may lack its end: Strava's names the scopes, this one does not."""
        return self._doubtful is not None

    def add(self, text: str) -> Redirect | None:
        """The redirect, once it is whole; None while more may come. An empty text takes what lies here as it is.

        Raises LoginDenied, and RedirectRefused for a text that is no part of the answer as far as can be told.
        """
        lines = [line for line in text.splitlines() if line.strip()]
        if not lines:
            return self._doubtful
        self._pieces = [*self._pieces, *lines][-_MOST_PIECES:]
        redirect = self._read(lines)
        if redirect.is_state_checked and not redirect.scopes:
            self._doubtful = redirect
            return None
        return redirect

    def _read(self, lines: list[str]) -> Redirect:
        # The last pieces together come first: the end of an address may look like a code of its own.
        together = ["\n".join(self._pieces[first:]) for first in range(len(self._pieces))]
        for candidate in [*together, *lines]:
            try:
                return read_redirect(candidate, state=self._state)
            except RedirectRefused as refused:
                if refused.is_final:
                    raise
        return read_redirect(lines[-1], state=self._state)
