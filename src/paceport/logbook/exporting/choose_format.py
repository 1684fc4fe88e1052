"""Which format an export has: what was said, and what the ending of the file's name says."""

from __future__ import annotations

from pathlib import Path

from paceport.errors import UsageError
from paceport.lazy_dataclass import dataclass

FORMATS = ("parquet", "csv", "gpx", "geojson")
STDOUT = "-"
_ENDINGS = {".parquet": "parquet", ".csv": "csv", ".gpx": "gpx", ".geojson": "geojson", ".json": "geojson"}
_FOLDERS = frozenset({"parquet", "gpx"})
_PACKERS = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenFormat:
    """The format, and whether it is written as a folder of files, as one file, or to stdout."""

    kind: str
    is_folder: bool = False
    is_stdout: bool = False


def choose_format(place: str, *, said: str | None, samples: bool = False) -> ChosenFormat:
    """The format of an export to `place`, `-` being stdout. `said` is what --format names.

    Raises UsageError where nothing tells it, and where the two differ.
    """
    if not place.strip():
        raise UsageError(
            what="No place to write to was given", why="its name is empty", fix="paceport export -o runs.csv"
        )
    is_stdout = place in {STDOUT, "/dev/stdout"}
    ending = "" if is_stdout else Path(place).suffix.lower()
    meant = _ENDINGS.get(ending)
    if ending in _PACKERS:
        packed = _ENDINGS.get(Path(place).with_suffix("").suffix.lower(), said or "csv")
        raise UsageError(
            what=f"export does not compress, and {place} ends in {ending}",
            why="the file would not be what its name says",
            fix=f"paceport export --format {packed} -o - | {_PACKERS[ending]} > {place}",
        )
    if said and meant and said != meant:
        raise UsageError(
            what=f"--format {said} and the name {place} do not agree",
            why=f"a name that ends in {ending} means {meant}",
            fix=f"leave --format out, or choose another name, such as {Path(place).with_suffix(_ending(said))}",
        )
    kind = said or meant
    if kind is None:
        raise UsageError(
            what=f"The format of {'what goes to stdout' if is_stdout else place} is not known",
            why="stdout has no name that could tell it" if is_stdout else f"{_told_by(ending)} does not tell it",
            fix=f"add --format {'|'.join(FORMATS)}",
        )
    is_folder = kind in _FOLDERS and not is_stdout and meant is None
    if samples and not (kind == "parquet" and is_folder):
        raise UsageError(
            what="--samples needs a Parquet folder",
            why="the samples are a table of their own beside the runs",
            fix="paceport export --format parquet --samples -o FOLDER",
        )
    return ChosenFormat(kind=kind, is_folder=is_folder, is_stdout=is_stdout)


def _told_by(ending: str) -> str:
    return f"the ending {ending}" if ending else "a name without an ending"


def _ending(kind: str) -> str:
    return next(ending for ending, meant in _ENDINGS.items() if meant == kind)
