"""What a 401 says of the token that it answers: no I/O. Whether a token in doubt lives is asked in `client`."""

from __future__ import annotations

import re
from enum import Enum

from paceport.error_body import ErrorBody

# The scopes without a subject, `read` and `read_all`, have permission words without one.
PERMISSION = re.compile(r"^(?:(?P<what>[a-z_]+):)?(?P<verb>read|write|read_all)_permission$")


class TokenWord(Enum):
    """REFUSED: the token is named. IN_DOUBT: it may be meant. NOT_MEANT: the call is refused for its own sake."""

    REFUSED = "refused"
    IN_DOUBT = "in doubt"
    NOT_MEANT = "not meant"


def token_word(fault: ErrorBody) -> TokenWord:
    """What an answer of the service says of the token; an answer that is not the service's own says nothing of it.

    The application without a field was recorded in 2020 as the answer to a dead token, and so were, at another address,
    errors without an entry; the words fit a refusal that has nothing to do with the token as well.
    """
    if fault.status != 401 or not fault.is_from_strava or any(PERMISSION.match(one.field) for one in fault.details):
        return TokenWord.NOT_MEANT
    if any(one.field.casefold() == "access_token" for one in fault.details):
        return TokenWord.REFUSED
    is_open = not fault.details or fault.has_detail("Application", "")
    return TokenWord.IN_DOUBT if is_open and not fault.has_detail("Application", "internal") else TokenWord.NOT_MEANT
