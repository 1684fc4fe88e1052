"""Whether the service accepts a token, asked where the words of a refusal leave that open."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock


class TokenQuestion:
    """One question at a time. Its answer holds for all who were refused before it was asked, and for nobody else.

    A login may be revoked at any moment, so no answer is kept for later refusals.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked = 0
        self._answer: tuple[int, str, bool] = (0, "", False)

    def moment(self) -> int:
        """When a refusal came: before which of the questions."""
        return self._asked

    def is_accepted(self, token: str, ask: Callable[[], bool], *, since: int) -> bool:
        """The answer of `ask`, or that of a question about this token which was asked after the moment `since`.

        Raises what `ask` raises; then nothing is known.
        """
        with self._lock:
            number, about, is_accepted = self._answer
            if about == token and number > since:
                return is_accepted
            self._asked += 1
            number = self._asked
            is_accepted = ask()
            self._answer = (number, token, is_accepted)
            return is_accepted
