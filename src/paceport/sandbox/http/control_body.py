"""What the routes of the control face share: the JSON they are given, and the error that says why it is no good."""

from __future__ import annotations

import json
from typing import Any

from paceport.sandbox.http.routing import Call


class InvalidControlRequest(Exception):
    """A control request that names nothing the sandbox can do; the text goes back with a 400."""


def json_object(call: Call) -> dict[str, Any]:
    """The JSON object of a request; an empty one for no body. Raises BadControl for anything else."""
    text = call.request.get_data()
    try:
        value = json.loads(text or b"{}")
    except (ValueError, RecursionError) as error:
        raise InvalidControlRequest("the body is no JSON") from error
    if not isinstance(value, dict):
        raise InvalidControlRequest("the body is no JSON object")
    return value
