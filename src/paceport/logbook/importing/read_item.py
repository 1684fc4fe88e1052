"""One row or file of an import, read whole: unpacked, decoded, cleaned, encoded; no database is needed.

This is the costly part, so it may run in another process (`read_processes.py`). Whatever goes wrong in it is the
trouble of this one item.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath

from paceport.errors import FileError
from paceport.formats.strava_export.activity_rows import ActivityRow
from paceport.formats.strava_export.zip_entry import FileContent
from paceport.formats.tracks.join_tracks import track_length_m
from paceport.formats.tracks.track import Track
from paceport.formats.tracks.xml_points import NoSamples
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack
from paceport.logbook.database.originals import PackedOriginal, pack_file
from paceport.logbook.importing.build_record import encode_track, record_of_row, record_of_track
from paceport.logbook.importing.content_identity import digest, local_id
from paceport.logbook.importing.match_tracks import OTHER_ACTIVITY_NOTE, MatchedTrack, describe_session, match_track
from paceport.logbook.importing.read_recording import read_recording
from paceport.logbook.importing.time_zone import time_zone_of
from paceport.plausible_time import implausible_time_reason
from paceport.system_errors import fix_of, is_damage, reason_of
from paceport.text import storable

ReadFile = Callable[[str], FileContent]
_OTHER_ACTIVITY_FIX = "to keep it as an activity of its own, unpack it and import it by itself: paceport import FILE"
_GIVE_DATE = "write its date as 2024-05-04 08:00:00 (UTC), or give it a file with times"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadJob:
    """One thing to be read.

    `name` is what the person or the row calls the file, `stored_name` the name under which it lies ("" for a row
    without one). `known_content` is the content that the logbook holds of this row as it is; with the same, nothing is
    decoded. `sport` is that of files which do not say theirs. `now` decides which dates are plausible.
    """

    name: str
    stored_name: str
    now: datetime
    timezone: str | None = None
    sport: str | None = None
    row: ActivityRow | None = None
    header: str | None = None
    known_content: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why something could not be read, and what to do."""

    why: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedActivity:
    """An activity ready to be written. `parts` are the activities of the file that went into it."""

    record: ActivityRecord
    encoded: EncodedTrack
    parts: tuple[int, ...]
    length_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """What became of a job.

    `content` is the row's digest with its file. `file_problem` is about the file, `row_problem` about the row, which
    then has no activity. `is_unchanged`: the same as `known_content`, so nothing more was read. `undated` are parts of
    a file that have no date. `sessions` describe the activities of a row's file where it holds several.
    """

    content: str = ""
    original: PackedOriginal | None = None
    activities: tuple[PreparedActivity, ...] = ()
    file_problem: Problem | None = None
    row_problem: Problem | None = None
    is_unchanged: bool = False
    undated: int = 0
    sessions: tuple[str, ...] = ()

    @property
    def sha256(self) -> str | None:
        """Of what is in the file, where there is one."""
        return self.original.sha256 if self.original else None


def read_job(job: ReadJob, read: ReadFile, *, known_files: frozenset[str] = frozenset()) -> ReadResult:
    """Do a job; `read` gives a file by its stored name. Never raises but for what ends the program.

    A file on its own whose sha256 is one of `known_files` is not decoded.
    """
    try:
        return _read_row(job, job.row, read) if job.row else _read_file(job, read, known_files)
    except FileError as error:
        problem = Problem(why=error.why, fix=error.fix)
    except Exception as error:  # noqa: BLE001  # one item never stops the others, whatever is wrong with it
        problem = problem_of(error)
    return ReadResult(row_problem=problem) if job.row else ReadResult(file_problem=problem)


def without_file(job: ReadJob, problem: Problem) -> ReadResult:
    """What is left of a job whose file cannot be had: the row alone, or nothing but the reason."""
    if job.row is None:
        return ReadResult(file_problem=problem)
    content = digest(job.header, job.row.cells, job.row.sport, None)
    return prepare_row(job, job.row, [], ReadResult(content=content, file_problem=problem))


def problem_of(error: Exception) -> Problem:
    """A failure that no reader foresaw, in words."""
    if isinstance(error, MemoryError):
        return Problem(why="it needs more memory than there is", fix="import it alone, with more memory free")
    if isinstance(error, OSError) and not is_damage(error):
        return Problem(why=reason_of(error), fix=fix_of(error))
    kind = type(error).__name__
    said = f"{kind}: {error}"[:120] if str(error) else kind
    return Problem(why=f"it broke its reader ({said})", fix="leave it out, and report it with the file if you can")


def _read_row(job: ReadJob, row: ActivityRow, read: ReadFile) -> ReadResult:
    original, tracks, problem = None, [], None
    notes: tuple[str, ...] = ()
    if job.stored_name:
        try:
            original, content = pack_file(read(job.stored_name), job.name)
        except FileError as error:
            problem = Problem(why=error.why, fix=error.fix)
    digested = digest(job.header, row.cells, row.sport, original.sha256 if original else None)
    if problem is None and digested == job.known_content:
        return ReadResult(content=digested, original=original, is_unchanged=True)
    if original is not None:
        try:
            tracks = read_recording(content, job.name)
        except NoSamples:
            notes = ("its file holds no samples; these are the export's totals",)
        except FileError as error:
            problem = Problem(why=error.why, fix=error.fix)
        except Exception as error:  # noqa: BLE001  # a file that breaks its reader leaves its row whole
            problem = problem_of(error)
    result = ReadResult(content=digested, original=original, file_problem=problem)
    return prepare_row(job, row, tracks, result, notes=notes)


def prepare_row(
    job: ReadJob, row: ActivityRow, tracks: list[Track], result: ReadResult, *, notes: tuple[str, ...] = ()
) -> ReadResult:
    """The row's activity, with the one of `tracks` that it means, added to `result`."""
    matched = match_track(row, tracks, now=job.now) if tracks else None
    if matched and matched.doubt:
        # The row stands alone, and the file is nobody's, so that it can be imported by itself.
        problem = Problem(why=matched.doubt, fix=_OTHER_ACTIVITY_FIX)
        result, matched, tracks = replace(result, original=None, file_problem=problem), None, []
        notes = (*notes, OTHER_ACTIVITY_NOTE)
    start, start_notes, why = _start_of(row, matched, job.now)
    if start is None:
        return replace(result, row_problem=Problem(why=why, fix=_date_fix(why, _GIVE_DATE, job.now)))
    track = matched.track if matched else None
    record = record_of_row(
        row,
        track,
        start=start,
        zone=time_zone_of(track, job.timezone),
        content=result.content,
        notes=(*start_notes, *notes, *(matched.notes if matched else ())),
    )
    prepared = PreparedActivity(record=record, encoded=encode_track(track), parts=matched.parts if matched else (0,))
    sessions = tuple(describe_session(each) for each in tracks) if len(tracks) > 1 else ()
    return replace(result, activities=(prepared,), sessions=sessions)


def _start_of(row: ActivityRow, matched: MatchedTrack | None, now: datetime) -> tuple[datetime | None, list[str], str]:
    """When a row's activity began: as it says, else as its track does; notes; and why nothing tells."""
    if row.start is None:
        why = f"“{row.date_given[:40]}” is not a date that can be read" if row.date_given else "it has no date"
    else:
        why = implausible_time_reason(row.start, now)
    if not why:
        return row.start, [], ""
    start = matched.track.start if matched else None
    if start is None or implausible_time_reason(start, now):
        return None, [], f"{why}, and no track tells it"
    return start, [f"{why}; its track tells it"], ""


def _date_fix(why: str, fix: str, now: datetime) -> str:
    """What to do about a date; one in the future may be right, and the clock that it is compared with wrong."""
    return f"check this machine's clock, which says {now:%Y-%m-%d}; else {fix}" if "in the future" in why else fix


def _read_file(job: ReadJob, read: ReadFile, known_files: frozenset[str]) -> ReadResult:
    original, content = pack_file(read(job.stored_name), job.name)
    if original.sha256 in known_files or original.packed_sha256 in known_files:
        return ReadResult(original=original, is_unchanged=True)
    try:
        tracks = read_recording(content, job.name, sport=job.sport)
    except FileError as error:
        return ReadResult(original=original, file_problem=Problem(why=error.why, fix=error.fix))
    title = storable(PurePosixPath(job.name).name.split(".")[0])
    prepared = []
    why = "it has no date, so its day is not known"
    for part, track in enumerate(tracks):
        if track.start is None or (why := implausible_time_reason(track.start, job.now)):
            continue
        record = record_of_track(
            track,
            activity_id=local_id(original.sha256, part),
            zone=time_zone_of(track, job.timezone),
            content=digest(original.sha256, part),
            name=title,
            sport_given=job.sport if track.sport == job.sport else None,
        )
        prepared.append(
            PreparedActivity(record=record, encoded=encode_track(track), parts=(part,), length_m=track_length_m(track))
        )
    undated = len(tracks) - len(prepared)
    problem = Problem(why=why, fix=_date_fix(why, "give it a file with times", job.now)) if undated else None
    return ReadResult(original=original, activities=tuple(prepared), file_problem=problem, undated=undated)
