"""What the texts mean that an upload ends with: they come in the upload's `error` or `status`, not as an error body."""

from __future__ import annotations

import re
from collections.abc import Sequence

from paceport.error_body import ErrorBody
from paceport.errors import ApiError

# Seen as "x.tcx duplicate of activity 83" and as "duplicate of <a href='/activities/83'>activity 83</a>".
_DUPLICATE = re.compile(
    r"duplicate\s+of\s+(?:<a\s[^>]{0,80}/activities/(?P<link>\d{1,19})|(?:<a[^>]{0,80}>\s*)?activity\s+(?P<id>\d{1,19}))",
    re.IGNORECASE,
)
_TEXTS = (
    (
        "the file is empty",
        "Strava found nothing in the uploaded file",
        "it is empty, or holds a track without points",
        "look at the file: paceport import FILE names what is in it",
    ),
    (
        "upload appears to be malformed",
        "Strava cannot read the uploaded file",
        "it is cut off, of another format than its name says, or packed twice",
        "export it from the device once more; paceport import FILE says where it breaks",
    ),
    (
        "created activity has been deleted",
        "This file became an activity before, which was deleted at Strava",
        "the external id of a deleted activity cannot be used again",
        "to upload it as a new activity: paceport upload --as-new FILE",
    ),
)
_UPLOAD_WORDS = re.compile(r"more information|strava|activity_id|external_id|upload|error processing your activity")
_DETAILS = {
    ("data", "empty"): _TEXTS[0],
    ("gzip", "invalid encoding"): (
        "",
        "Strava cannot unpack the uploaded file",
        "it was sent as gzip but is not gzip",
        "unpack it, or send it under the name it has: paceport upload FILE",
    ),
    ("data_type", "invalid"): (
        "",
        "Strava does not know the kind of file",
        "data_type is one of fit, fit.gz, tcx, tcx.gz, gpx, gpx.gz",
        "paceport upload FILE looks into the file and names its kind",
    ),
}


def upload_text(candidates: Sequence[str]) -> ApiError | None:
    """The meaning of the sentence an upload ended with, in any reading of a text; None where there is none."""
    for candidate in candidates:
        duplicate = _DUPLICATE.search(candidate)
        if duplicate:
            activity = duplicate["link"] or duplicate["id"]
            return ApiError(
                what=f"Strava has this activity already: {activity}",
                why="it came from an upload with the same content and time; nothing is missing",
                fix=f"nothing; it is https://www.strava.com/activities/{activity}",
            )
        flat = " ".join(candidate.lower().split())
        found = next((row for row in _TEXTS if row[0] in flat), None)
        if found and (found is not _TEXTS[0] or _is_of_an_upload(flat)):
            return ApiError(what=found[1], why=found[2], fix=found[3])
    return None


def _is_of_an_upload(text: str) -> bool:
    """Whether "the file is empty", which any program may say, is Strava's word."""
    return bool(_UPLOAD_WORDS.search(text)) or text.strip("'\". ").removeprefix("error: ") == "the file is empty"


def upload_fault(fault: ErrorBody) -> ApiError | None:
    """The meaning of a refused upload; None for any other fault."""
    for detail in fault.details:
        row = _DETAILS.get((detail.field.lower(), detail.code.lower()))
        if detail.resource.lower() == "upload" and row is not None:
            return ApiError(what=row[1], why=row[2], fix=row[3], fault=fault)
    return None
