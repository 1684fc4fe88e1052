"""Uploads a folder of files and waits for their activities: resumable, with a result for each file.

Why a file may be handed in again although its first try may have worked: Strava compares contents and times. If the
first try arrived, the second ends as "duplicate of activity N", which is the activity we wanted. Both must not be
worked on at once, so the second waits longer than an upload usually takes. What is known of a file rests in a journal
under the hash of its bytes: one that is done is never sent again, one that was received is only asked about.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from paceport.api.client.client import Client
from paceport.api.models.activity import Upload
from paceport.api.protocol import FilePart
from paceport.api.upload.file_type import data_type_of
from paceport.api.upload.upload_log import UploadEntry, UploadLog
from paceport.clock import Clock
from paceport.errors import (
    AnswerLost,
    BadRequest,
    FileError,
    GatewayAnswer,
    NotFound,
    PaceportError,
    StravaDown,
    UnexpectedAnswer,
)
from paceport.lazy_dataclass import dataclass
from paceport.secret import mask_secrets
from paceport.text import clean

# Seen in both forms: "x.tcx duplicate of activity 83" and "duplicate of <a href='/activities/83'>activity 83</a>".
_DUPLICATE = re.compile(r"duplicate of\D*?activit(?:y|ies)\D*(\d+)", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")

# An upload is worked on for about two seconds: https://developers.strava.com/docs/uploads/, read 2026-11-22.
_FIRST_LOOK_S = 2.0
_BETWEEN_LOOKS_S = (1.0, 1.0, 2.0, 2.0, 4.0, 4.0, 8.0)
_BEFORE_SECOND_TRY_S = 15.0
_MOST_TRIES = 3
_AT_ONCE = 4


class UploadOutcome(StrEnum):
    """How a file ended. READY and DUPLICATE have an activity; UNFINISHED can be asked about again later."""

    READY = "ready"
    DUPLICATE = "duplicate"
    DELETED = "deleted"
    REFUSED = "refused"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadResult:
    """What became of one file. `why` says it in words where there is no activity.

    `is_remembered`: it ended so in an earlier run, and nothing was sent or asked this time.
    """

    path: Path
    outcome: UploadOutcome
    activity_id: int | None = None
    upload_id: int | None = None
    why: str = ""
    is_remembered: bool = False

    @property
    def is_found(self) -> bool:
        """Whether the file's activity is at Strava now, by this upload or an earlier one."""
        return self.outcome in {UploadOutcome.READY, UploadOutcome.DUPLICATE}


def read_outcome(upload: Upload) -> tuple[UploadOutcome, str] | None:
    """How an upload ended and why, or None while it is worked on.

    Decided by `activity_id` and `error`; the sentence in `status` only tells a deleted activity, and an error without
    a text, from an upload that waits.
    """
    if upload.activity_id is not None:
        return UploadOutcome.READY, ""
    if upload.error:
        if _DUPLICATE.search(upload.error):
            return UploadOutcome.DUPLICATE, plain_text(upload.error)
        return UploadOutcome.REFUSED, _reason(plain_text(upload.error))
    if "error" in upload.status.lower():
        return UploadOutcome.REFUSED, f'Strava does not say why; its status is "{plain_text(upload.status)}"'
    if "deleted" in upload.status.lower():
        return UploadOutcome.DELETED, (
            "this file became an activity before, which was deleted at Strava; to create it again, upload it as new"
        )
    return None


def duplicate_of(upload: Upload) -> int | None:
    """The activity that an upload is a duplicate of."""
    match = _DUPLICATE.search(upload.error or "")
    return int(match[1]) if match else None


def plain_text(text: str) -> str:
    """A server's sentence without tags, entities and control characters."""
    return " ".join(clean(mask_secrets(html.unescape(_TAG.sub(" ", text)))).split())[:300]


@dataclass(frozen=True, slots=True, kw_only=True)
class _UploadInProgress:
    path: Path
    sha256: str
    upload_id: int
    looked: int = 0
    next_look_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _HashedFile:
    path: Path
    sha256: str
    content: bytes
    data_type: str


class Uploader:
    """Hands files in and sees them through. `journal` None forgets everything at the end."""

    def __init__(
        self, *, client: Client, clock: Clock, journal: UploadLog | None = None, patience_s: float = 120.0
    ) -> None:
        self._client, self._clock, self._patience_s = client, clock, patience_s
        self._log = journal if journal is not None else UploadLog(None)

    def run(
        self,
        paths: Iterable[Path],
        *,
        fields: Mapping[str, str | bool | None] | None = None,
        as_new: bool = False,
        started: Callable[[Path], None] | None = None,
    ) -> Iterator[UploadResult]:
        """One result for each file, in their order; a few are under way at once.

        `fields` are those of the upload endpoint (`sport_type`, `name`, `description`, `trainer`, `commute`).
        `as_new` forgets the journal for these files and asks for a new activity where the old one was deleted.
        A file's own trouble is its result. What concerns all of them (login, scope, limits, network) is raised; running
        again goes on from there.
        """
        waiting: deque[_UploadInProgress | UploadResult] = deque()
        for path in paths:
            if started is not None:
                started(path)
            waiting.append(self._submit(path, fields or {}, as_new=as_new))
            if len(waiting) >= _AT_ONCE:
                yield self._wait_until_done(waiting.popleft())
        while waiting:
            yield self._wait_until_done(waiting.popleft())

    def _submit(
        self, path: Path, fields: Mapping[str, str | bool | None], *, as_new: bool
    ) -> _UploadInProgress | UploadResult:
        try:
            content = path.read_bytes()
            data_type = data_type_of(content, str(path))
        except OSError as error:
            return UploadResult(path=path, outcome=UploadOutcome.REFUSED, why=error.strerror or str(error))
        except FileError as error:
            return UploadResult(path=path, outcome=UploadOutcome.REFUSED, why=error.why)
        sha256 = hashlib.sha256(content).hexdigest()
        known = None if as_new else self._log.find(sha256)
        if known is not None and known.outcome:
            return _remembered(path, known)
        if known is not None and known.upload_id is not None:
            return self._in_progress(path, sha256, known.upload_id, wait_s=0.0)
        file = _HashedFile(path=path, sha256=sha256, content=content, data_type=data_type)
        return self._send(file, fields, as_new=as_new, is_second=known is not None)

    def _send(
        self, file: _HashedFile, fields: Mapping[str, str | bool | None], *, as_new: bool, is_second: bool
    ) -> _UploadInProgress | UploadResult:
        path, sha256 = file.path, file.sha256
        # The service refuses a second activity under the external id of a deleted one: a new one needs a new id.
        suffix = f"-{int(self._clock.now().timestamp())}" if as_new else ""
        given = {"external_id": f"{sha256[:24]}{suffix}", **fields}
        self._log.note(sha256, UploadEntry(name=path.name))
        try:
            part = FilePart(name=path.name, content=file.content)
            upload = self._post(part, file.data_type, given, is_second=is_second)
        except BadRequest as error:
            return self._refused(path, sha256, error)
        except (AnswerLost, StravaDown, GatewayAnswer, UnexpectedAnswer):
            raise  # it may have been taken in all the same
        except PaceportError:
            # Surely nothing was taken in: the next run need not wait as if something might have been.
            if not is_second:
                self._log.forget(sha256)
            raise
        self._log.note(sha256, UploadEntry(name=path.name, upload_id=upload.id))
        return self._in_progress(path, sha256, upload.id, wait_s=_FIRST_LOOK_S)

    def _post(
        self, file: FilePart, data_type: str, fields: Mapping[str, str | bool | None], *, is_second: bool
    ) -> Upload:
        for attempt in range(1, _MOST_TRIES + 1):
            if is_second or attempt > 1:
                self._clock.sleep(_BEFORE_SECOND_TRY_S)  # the module's docstring says why this is safe
            try:
                return self._client.upload(file, data_type=data_type, **fields)
            except (AnswerLost, StravaDown):
                if attempt == _MOST_TRIES:
                    raise
        raise AssertionError("the last try returns or raises")

    def _in_progress(self, path: Path, sha256: str, upload_id: int, *, wait_s: float) -> _UploadInProgress:
        return _UploadInProgress(
            path=path, sha256=sha256, upload_id=upload_id, next_look_s=self._clock.monotonic_s() + wait_s
        )

    def _wait_until_done(self, item: _UploadInProgress | UploadResult) -> UploadResult:
        if isinstance(item, UploadResult):
            return item
        deadline_s = self._clock.monotonic_s() + self._patience_s
        while True:
            self._clock.sleep(item.next_look_s - self._clock.monotonic_s())
            try:
                upload = self._client.upload_status(item.upload_id)
            except NotFound:
                self._log.forget(item.sha256)
                return UploadResult(
                    path=item.path,
                    outcome=UploadOutcome.UNFINISHED,
                    why="Strava no longer knows this upload; run again",
                )
            ended = read_outcome(upload)
            if ended is not None:
                return self._ended(item, upload, *ended)
            pause_s = _BETWEEN_LOOKS_S[min(item.looked, len(_BETWEEN_LOOKS_S) - 1)]
            next_look_s = self._clock.monotonic_s() + pause_s
            if next_look_s > deadline_s:
                return UploadResult(
                    path=item.path,
                    outcome=UploadOutcome.UNFINISHED,
                    upload_id=item.upload_id,
                    why="Strava is still working on it; run again later",
                )
            item = replace(item, looked=item.looked + 1, next_look_s=next_look_s)

    def _ended(self, item: _UploadInProgress, upload: Upload, outcome: UploadOutcome, why: str) -> UploadResult:
        activity_id = upload.activity_id if outcome is UploadOutcome.READY else duplicate_of(upload)
        result = UploadResult(
            path=item.path, outcome=outcome, activity_id=activity_id, upload_id=item.upload_id, why=why
        )
        self._log.note(
            item.sha256,
            UploadEntry(
                name=item.path.name, upload_id=item.upload_id, outcome=outcome.value, activity_id=activity_id, why=why
            ),
        )
        return result

    def _refused(self, path: Path, sha256: str, error: BadRequest) -> UploadResult:
        details = error.fault.details if error.fault is not None else ()
        why = error.why
        if any(detail.field == "data" and detail.code == "empty" for detail in details):
            why = "Strava says the file is empty"
        elif any("gzip" in detail.field for detail in details):
            why = "Strava cannot unpack the file"
        self._log.note(sha256, UploadEntry(name=path.name, outcome=UploadOutcome.REFUSED.value, why=why))
        return UploadResult(path=path, outcome=UploadOutcome.REFUSED, why=why)


def _remembered(path: Path, known: UploadEntry) -> UploadResult:
    return UploadResult(
        path=path,
        outcome=UploadOutcome(known.outcome),
        activity_id=known.activity_id,
        upload_id=known.upload_id,
        why=known.why,
        is_remembered=True,
    )


def _reason(text: str) -> str:
    lower = text.lower()
    if "empty" in lower:
        return f"Strava found nothing in the file: {text}"
    if "malformed" in lower:
        return f"Strava cannot read the file: {text}"
    return text
