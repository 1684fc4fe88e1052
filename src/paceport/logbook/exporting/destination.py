"""Where an export is written, which runs it holds, and what is said of it afterwards."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from paceport.errors import StoreUnwritable, UsageError
from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.store import Store
from paceport.maps.place import HiddenCircle
from paceport.sports import RUN_SPORTS
from paceport.storage.access import absolute

Row = dict[str, object]
# What is hidden, or what finds it as of the moment of which the runs are read.
Circles = Sequence[HiddenCircle] | Callable[[], Sequence[HiddenCircle]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """What an export wrote. `cached` of the `runs` hold data that may only be kept until `cached_until` (ISO, UTC).

    `left_out` runs have nothing that this format can hold (no positions).
    """

    place: Path
    files: tuple[Path, ...]
    runs: int
    cached: int
    cached_until: str | None
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedRuns:
    """The runs of an export, oldest first, each as column → value; the columns are there without any run too.

    No track shows what lies within the `circles`.
    """

    columns: tuple[str, ...]
    rows: list[Row]
    circles: Sequence[HiddenCircle] = ()


def exported_runs(
    store: Store,
    *,
    include_cached: bool,
    sports: tuple[str, ...] | None = RUN_SPORTS,
    circles: Circles = (),
) -> ExportedRuns:
    """The athlete's own runs, and with `include_cached` those of the API as well; or activities of other `sports`.

    A run whose row cannot be read is left out, as everywhere; the caller names it. All is of one moment: a run that is
    imported meanwhile would be shown without a circle about its ends.
    """
    with store.one_moment():
        bad = {row.id for row in store.run_rows.bad_rows() if row.is_own or include_cached}
        answer = store.view("run" if sports == RUN_SPORTS else "any_sport", include_cached=include_cached)
        hidden = circles() if callable(circles) else circles
    named = (dict(zip(answer.columns, row, strict=True)) for row in answer.rows)
    every = (row for row in named if sports is None or row["sport"] in sports)
    rows = [row for row in every if row["id"] not in bad and row["strava_id"] not in bad]
    rows.sort(key=lambda row: (str(row["start_utc"]), str(row["id"])))
    return ExportedRuns(columns=tuple(answer.columns), rows=rows, circles=hidden)


def check_new_destination(place: Path) -> Path:
    """`place`, if nothing is there yet (an empty folder counts as nothing). Else UsageError: nothing is overwritten.

    Raises StoreUnwritable where it cannot be looked at, as in a folder of another user.
    """
    with translate_write_errors(place):
        if place.is_dir() and not any(place.iterdir()):
            return place
        is_taken = place.exists() or place.is_symlink()
    if is_taken:
        raise UsageError(
            what=f"{place} exists already", why="a file that is there is never overwritten", fix="choose another name"
        )
    return place


@contextlib.contextmanager
def new_file(place: Path) -> Iterator[BinaryIO]:
    """A file that did not exist, open for writing; taken away again where not all of it could be written.

    Raises UsageError if something is there already, and StoreUnwritable.
    """
    check_new_destination(place)
    with translate_write_errors(place):
        stream = place.open("xb")
        try:
            with stream:
                yield stream
        except BaseException:
            place.unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def translate_write_errors(place: Path) -> Iterator[None]:
    """The system's complaints about a place, as our error."""
    try:
        yield
    except FileNotFoundError as error:
        raise StoreUnwritable(
            path=str(place), why="its folder does not exist", fix="create the folder, or choose another"
        ) from error
    except OSError as error:
        raise StoreUnwritable(path=str(place), why=error.strerror or str(error)) from error


def record_export(
    store: Store, place: Path, files: Sequence[Path], rows: Sequence[Row], *, left_out: int = 0
) -> ExportReport:
    """Say what was written, and note it where cached data is in it, so that `paceport purge` can name the files.

    What went to a stream has no files, and nobody knows where it lies now.
    """
    dates = sorted(str(row["cached_until"]) for row in rows if row["cached_until"])
    if dates and files:
        store.own.log_written_file(str(absolute(place)), dates[0])
    return ExportReport(
        place=place,
        files=tuple(files),
        runs=len(rows),
        cached=len(dates),
        cached_until=dates[0] if dates else None,
        left_out=left_out,
    )
