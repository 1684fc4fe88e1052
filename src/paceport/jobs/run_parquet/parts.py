"""What an export's folder holds: which parts, which runs in each, and whether the last export came to its end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from paceport.errors import UsageError
from paceport.jobs.run_parquet.table import LAYOUT_NUMBER, read_part
from paceport.storage.private_files import read_private, remove_private, replace_private

LOCK = "export.lock"
_MANIFEST, _UNFINISHED = "manifest.json", "unfinished"
_LARGEST_MANIFEST = 1 << 30
# What an export that was killed in its first step leaves.
_OF_A_FIRST_STEP = (LOCK, f"{_UNFINISHED}.new")

# An athlete and a month, such as 2026-11.
Part = tuple[int, str]
# A run in a part: athlete, run, month.
Row = tuple[int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartNote:
    """What a part holds: another fingerprint where anything in it is another, and the numbers of its runs."""

    fingerprint: str
    runs: tuple[int, ...]


@dataclass(slots=True)
class Manifest:
    """The parts of an export."""

    parts: dict[Part, PartNote] = field(default_factory=dict)

    def rows(self) -> Iterator[Row]:
        """Every run in every part."""
        for (athlete_id, month), note in sorted(self.parts.items()):
            yield from ((athlete_id, run_id, month) for run_id in note.runs)

    def has(self, row: Row) -> bool:
        """Whether that run is in that part."""
        note = self.parts.get((row[0], row[2]))
        return note is not None and row[1] in note.runs


class Folder:
    """The folder of an export. The manifest is written last; until then it is noted that it may not be true."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def part_path(self, part: Part) -> Path:
        """Where a part lies."""
        return self.path / "runs" / f"athlete_id={part[0]}" / f"month={part[1]}" / "part-0.parquet"

    def read(self, arrow: ModuleType) -> Manifest:
        """What is there. Raises UsageError where it is no export, or one of a newer Paceport.

        After an export that did not end, the files themselves say what they hold.
        """
        raw = read_private(self.path / _MANIFEST, most=_LARGEST_MANIFEST)
        is_unfinished = (self.path / _UNFINISHED).exists()
        if raw is None:
            if not is_unfinished and any(one.name not in _OF_A_FIRST_STEP for one in self.path.iterdir()):
                raise UsageError(
                    what=f"{self.path} is not an export of runs",
                    why="it holds something else, and no manifest.json",
                    fix="choose an empty folder",
                )
            found = Manifest()
        else:
            found = self._parsed(raw)
        return self._as_it_lies(arrow, found) if is_unfinished else found

    def begin(self) -> None:
        """From now on the manifest may not be true."""
        if not (self.path / _UNFINISHED).exists():
            replace_private(self.path / _UNFINISHED, b"")

    def finish(self, manifest: Manifest) -> None:
        """Write what is there now."""
        shown = {
            f"{athlete_id}/{month}": {"fingerprint": note.fingerprint, "runs": list(note.runs)}
            for (athlete_id, month), note in sorted(manifest.parts.items())
        }
        whole = {"schema_number": LAYOUT_NUMBER, "parts": shown}
        replace_private(self.path / _MANIFEST, json.dumps(whole, indent=1).encode())
        remove_private(self.path / _UNFINISHED)

    def remove(self, part: Part) -> None:
        """Remove a part, and the folders that are empty then."""
        path = self.part_path(part)
        remove_private(path)
        _remove_empty(path.parent, path.parent.parent)

    def _as_it_lies(self, arrow: ModuleType, noted: Manifest) -> Manifest:
        """The parts by their files, with the runs that the manifest knew: what of them is gone was perhaps not told."""
        before = noted.parts
        found = Manifest({part: PartNote(fingerprint="", runs=note.runs) for part, note in before.items()})
        for draft in self.path.rglob(".*.parquet.new"):
            remove_private(draft)
        _remove_empty(*self.path.glob("runs/athlete_id=*/month=*"), *self.path.glob("runs/athlete_id=*"))
        for path in self.path.glob("runs/athlete_id=*/month=*/part-0.parquet"):
            part = _part_of(path)
            if part is not None:
                fingerprint, runs = read_part(arrow, path)
                known = before[part].runs if part in before else ()
                found.parts[part] = PartNote(fingerprint=fingerprint, runs=tuple(dict.fromkeys((*runs, *known))))
        return found

    def _parsed(self, raw: bytes) -> Manifest:
        found = Manifest()
        try:
            whole = json.loads(raw)
            number = int(whole["schema_number"])
            for name, part in whole["parts"].items():
                athlete_id, _, month = name.partition("/")
                note = PartNote(fingerprint=str(part["fingerprint"]), runs=tuple(map(int, part["runs"])))
                found.parts[(int(athlete_id), month)] = note
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(
                what=f"{self.path / _MANIFEST} cannot be read",
                why="it is not what an export writes",
                fix="export to an empty folder",
            ) from error
        if number > LAYOUT_NUMBER:
            raise UsageError(
                what=f"{self.path} was written by a newer Paceport",
                why=f"its layout has number {number}, and this version writes {LAYOUT_NUMBER}",
                fix="update Paceport here, or export to an empty folder",
            )
        return found


def _remove_empty(*folders: Path) -> None:
    """Remove those in which nothing is: first the months', then the athletes'."""
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _part_of(path: Path) -> Part | None:
    athlete, month = (folder.name.partition("=")[2] for folder in (path.parent.parent, path.parent))
    return (int(athlete), month) if athlete.isascii() and athlete.isdigit() else None
