"""What the routes of the control API share: reading a JSON body, and the error of an invalid request."""

from __future__ import annotations

import json
from typing import Any


class InvalidControlRequest(Exception):
    """A control request that names nothing the sandbox can do; the text goes back with a 400."""


def json_object(text: bytes) -> dict[str, Any]:
    """The JSON object of a body; an empty one for none. Raises BadControl for anything else."""
    try:
        value = json.loads(text or b"{}")
    except (ValueError, RecursionError) as error:
        raise InvalidControlRequest("the body is not JSON") from error
    if not isinstance(value, dict):
        raise InvalidControlRequest("the body is not a JSON object")
    return value
