"""Uploads, from file to activity: received, processed, and found again. State and rules."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.people import Person
from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.athletes.sports import SPORTS
from paceport.sandbox.athletes.stored_source import stored_source
from paceport.sandbox.athletes.titles import time_of_day
from paceport.sandbox.state.activity_store import ActivityStore
from paceport.sandbox.state.new_activity import new_activity, offset_s
from paceport.sandbox.state.refusals import bad_request
from paceport.sandbox.state.switch import Switches
from paceport.sandbox.upload_files.file_content import EMPTY, MALFORMED, UnreadableFile
from paceport.sandbox.upload_files.strength import STRENGTH_SPORTS
from paceport.sandbox.upload_files.uploaded_file import FORMATS, UploadedFile, read_file

FIRST_ID = 19_000_000_001
LARGEST_FILE = 64 * 1024 * 1024
SAME_START_S = 60.0

PROCESSING = "Your activity is still being processed."
READY = "Your activity is ready."
FAILED = "There was an error processing your activity."
DELETED = "The created activity has been deleted."


@dataclass(slots=True, kw_only=True)
class Upload:
    """One file handed in. `form_fields` are those of the request; the bytes are forgotten once it is done."""

    id: int
    athlete_id: int
    kind: str
    external_id: str
    form_fields: Mapping[str, str]
    received: datetime
    polls_left: int
    content: bytes = field(repr=False)
    digest: str = ""
    is_done: bool = False
    error: str | None = None
    activity_id: int | None = None
    is_deleted: bool = False


class Uploads:
    """All uploads of a world. `person` finds an athlete; new activities go into the store."""

    def __init__(
        self, activity_store: ActivityStore, switches: Switches, person: Callable[[int], Person | None]
    ) -> None:
        self._activity_store, self._switches, self._person = activity_store, switches, person
        self._uploads: dict[int, Upload] = {}
        self._waiting: list[Upload] = []

    def receive(
        self, athlete_id: int, content: bytes, file_name: str, form_fields: Mapping[str, str], now: datetime
    ) -> Upload:
        """Take a file in. Raises the refusals that come before any processing."""
        kind, is_packed = _kind(form_fields.get("data_type", ""))
        if not content:
            raise bad_request("Upload", "data", "empty")
        if is_packed:
            content = _unpacked(content)
        sport = form_fields.get("sport_type", "")
        if sport and sport not in SPORTS and self._switches["upload_sport"] == "refuse":
            raise bad_request("Upload", "sport_type")
        upload = Upload(
            id=FIRST_ID + 17 * len(self._uploads),
            athlete_id=athlete_id,
            kind=kind,
            external_id=_external_id(form_fields.get("external_id", "") or file_name, kind),
            form_fields=form_fields,
            received=now,
            polls_left=self._switches.number("upload_polls"),
            content=content,
            digest=hashlib.sha256(content).hexdigest(),
        )
        self._uploads[upload.id] = upload
        self._waiting.append(upload)
        return upload

    def poll(self, upload_id: int, athlete_id: int) -> Upload | None:
        """The athlete's upload of that id, one poll nearer to its end; None for nobody's or another's."""
        upload = self._uploads.get(upload_id)
        if upload is None or upload.athlete_id != athlete_id:
            return None
        if not upload.is_done and self._switches["upload_outcome"] != "stuck":
            if upload.polls_left > 0:
                upload.polls_left -= 1
            else:
                self._finish(upload)
        return upload

    def finish_overdue(self, now: datetime) -> None:
        """Finish what has waited long enough, oldest first."""
        if self._switches["upload_outcome"] == "stuck":
            return
        patience_s = self._switches.number("upload_seconds")
        for upload in list(self._waiting):
            if (now - upload.received).total_seconds() >= patience_s:
                self._finish(upload)

    def status(self, upload: Upload) -> str:
        """The sentence of an upload as things stand: its activity may have been deleted since."""
        if not upload.is_done:
            return PROCESSING
        if upload.error is not None:
            return FAILED
        if upload.is_deleted or upload.activity_id in self._activity_store.deleted:
            return DELETED
        return READY

    def _finish(self, upload: Upload) -> None:
        self._waiting.remove(upload)
        upload.is_done = True
        try:
            self._create_activity(upload)
        except UnreadableFile as error:
            upload.error = str(error)
        upload.content = b""

    def _create_activity(self, upload: Upload) -> None:
        outcome, person = self._switches["upload_outcome"], self._person(upload.athlete_id)
        if outcome in ("malformed", "empty") or person is None:
            raise UnreadableFile(EMPTY if outcome == "empty" else MALFORMED)
        file = read_file(upload.content, upload.kind)
        if self._was_deleted(upload):
            upload.is_deleted = True
            return
        original = self._find_duplicate(upload, file)
        if original is not None:
            raise UnreadableFile(self._duplicate_error(upload, original))
        activity = _uploaded_activity(upload, file, person, self._activity_store.next_id())
        self._activity_store.add(activity)
        upload.activity_id = activity.id

    def _was_deleted(self, upload: Upload) -> bool:
        return any(
            other.activity_id in self._activity_store.deleted
            for other in self._uploads.values()
            if other.athlete_id == upload.athlete_id and other.external_id == upload.external_id
        )

    def _find_duplicate(self, upload: Upload, file: UploadedFile) -> Activity | None:
        """The activity this file is again: made of the same bytes, or begun in the same minute."""
        for other in self._uploads.values():
            if other.digest == upload.digest and other.athlete_id == upload.athlete_id and other.activity_id:
                found = self._activity_store.find(other.activity_id)
                if found is not None:
                    return found
        for activity in self._activity_store.activities(upload.athlete_id):
            apart_s = abs((activity.start - file.start).total_seconds())
            if apart_s <= SAME_START_S and not activity.manual:
                return activity
        return None

    def _duplicate_error(self, upload: Upload, original: Activity) -> str:
        if self._switches["duplicate_text"] == "html":
            return f"{upload.external_id} duplicate of <a href='/activities/{original.id}'>activity {original.id}</a>"
        return f"{upload.external_id} duplicate of activity {original.id}"


def _kind(data_type: str) -> tuple[str, bool]:
    """The format and whether it comes packed; the word counts in any case."""
    word = data_type.strip().lower()
    kind = word.removesuffix(".gz")
    if kind not in FORMATS or word == "json.gz":
        raise bad_request("Upload", "data_type")
    return kind, word != kind


def _unpacked(content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            unpacked = packed.read(LARGEST_FILE + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise bad_request("upload", "gzip", "invalid encoding") from error
    if not unpacked:
        raise bad_request("Upload", "data", "empty")
    if len(unpacked) > LARGEST_FILE:
        raise bad_request("Upload", "data", "too large")
    return unpacked


def _external_id(given: str, kind: str) -> str:
    """The id given, or the file's name, with the format's ending behind it unless it is there."""
    name = given.strip() or "upload"
    return name if name.lower().endswith((f".{kind}", f".{kind}.gz")) else f"{name}.{kind}"


def _uploaded_activity(upload: Upload, file: UploadedFile, person: Person, identity: int) -> Activity:
    sport, recording = _sport(upload, file, person), file.recording
    local_s = offset_s(person, file.start) if file.utc_offset_s is None else file.utc_offset_s
    hour = int((file.start.timestamp() + local_s) // 3600 % 24)
    activity = new_activity(
        person,
        identity,
        name=upload.form_fields.get("name", "").strip() or f"{time_of_day(hour)} {_sport_words(sport)}",
        sport_type=sport,
        start=file.start,
        offset_s=local_s,
        source=stored_source(recording),
        upload_id=upload.id,
    )
    return replace(
        activity,
        external_id=upload.external_id,
        description=upload.form_fields.get("description") or None,
        trainer=_is_on(upload, "trainer") or (recording.latlng is None and _covers_distance(recording)),
        commute=_is_on(upload, "commute"),
        device_name=file.device_name,
    )


def _sport(upload: Upload, file: UploadedFile, person: Person) -> str:
    found = file.sport or ("Run" if person.athlete_type == 1 else "Ride")
    asked = upload.form_fields.get("sport_type") or upload.form_fields.get("activity_type") or found
    sport = asked if asked in SPORTS else found
    if upload.kind == "json" and sport not in STRENGTH_SPORTS:
        raise UnreadableFile(MALFORMED)
    return sport


def _covers_distance(recording: Recording) -> bool:
    return recording.has_distance


def _sport_words(sport: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", sport)


def _is_on(upload: Upload, name: str) -> bool:
    return upload.form_fields.get(name, "").strip().lower() in ("1", "true")
