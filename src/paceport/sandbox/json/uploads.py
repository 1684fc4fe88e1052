"""Uploads as JSON."""

from __future__ import annotations

from paceport.sandbox.json.scalars import Json
from paceport.sandbox.state.uploads import Upload


def upload_json(upload: Upload, status: str, *, is_deleted: bool) -> Json:
    """Where an upload stands; `is_deleted` says that its activity exists no more."""
    return {
        "id": upload.id,
        "id_str": str(upload.id),
        # Recorded: null until the upload is done.
        "external_id": upload.external_id if upload.is_done else None,
        "error": upload.error,
        "status": status,
        "activity_id": None if is_deleted else upload.activity_id,
    }
