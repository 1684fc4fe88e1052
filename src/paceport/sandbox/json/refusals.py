"""Refusals as JSON."""

from __future__ import annotations

from paceport.sandbox.json.scalars import Json
from paceport.sandbox.state.refusals import Refusal


def refusal_json(refusal: Refusal) -> Json | None:
    """The body of a refusal; None where nothing is sent."""
    if refusal.is_empty:
        return None
    if refusal.text:
        return {"errors": refusal.text, "status": refusal.status, "message": refusal.message}
    if not refusal.has_errors:
        return {"message": refusal.message}
    errors = [{"resource": resource, "field": field, "code": code} for resource, field, code in refusal.errors]
    return {"message": refusal.message, "errors": errors}
