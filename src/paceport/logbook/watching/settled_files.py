"""Which files of a folder are ready to be imported: whole, and left alone for a moment by whoever writes them."""

import os
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path

from paceport.clock import Clock
from paceport.formats.strava_export.export_files import is_system_litter
from paceport.formats.strava_export.read_export import TRACK_SUFFIXES
from paceport.formats.tracks.whole_file import has_its_end
from paceport.lazy_dataclass import dataclass

# A whole file is ready when nothing has changed for this long.
SETTLE_S = 2.0
# A file without its end may be one that will never have it, such as a recording of a watch that lost its power.
PATIENCE_S = 600.0
_SUFFIXES = (*TRACK_SUFFIXES, ".zip")


@dataclass(frozen=True, slots=True)
class _State:
    """What tells one content from the next: length, time of change, and which file it is."""

    size: int
    changed_ns: int
    inode: int


@dataclass(slots=True, kw_only=True)
class _Waiting:
    state: _State
    since_s: float
    is_whole: bool


@dataclass(slots=True, kw_only=True)
class SettledFiles:
    """Looks at a folder again and again, and hands out each content of each file once."""

    folder: Path
    clock: Clock
    _done: dict[Path, _State] = field(default_factory=dict)
    _waiting: dict[Path, _Waiting] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        """How many files are not ready yet."""
        return len(self._waiting)

    def look(self) -> list[Path]:
        """The files that are ready now, by name. Each stays ready until `done` is told of it.

        Raises FileNotFoundError when the folder itself is gone.
        """
        now_s = self.clock.monotonic_s()
        found = dict(self._files())
        for path in [path for path in self._waiting if path not in found]:
            del self._waiting[path]
        self._done = {path: state for path, state in self._done.items() if path in found}
        ready = []
        for path, state in found.items():
            if self._done.get(path) == state:
                continue
            waiting = self._waiting.get(path)
            if waiting is None or waiting.state != state:
                self._waiting[path] = _Waiting(state=state, since_s=now_s, is_whole=_is_whole(path))
                continue
            if now_s - waiting.since_s >= (SETTLE_S if waiting.is_whole else PATIENCE_S):
                ready.append(path)
        return sorted(ready)

    def done(self, path: Path) -> None:
        """Note that this content of a file was dealt with; only another content makes it ready again."""
        waiting = self._waiting.pop(path, None)
        if waiting is not None:
            self._done[path] = waiting.state

    def _files(self) -> Iterator[tuple[Path, _State]]:
        with os.scandir(self.folder):
            pass  # a folder that is gone is an error here; one that goes while it is walked is not
        for folder, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                path = Path(folder, name)
                if name.startswith(".") or not name.lower().endswith(_SUFFIXES) or is_system_litter(name):
                    continue
                try:
                    found = path.stat()
                except OSError:
                    continue  # gone again, or a link to nowhere
                if path.is_file():
                    yield path, _State(found.st_size, found.st_mtime_ns, found.st_ino)


def _is_whole(path: Path) -> bool:
    try:
        return has_its_end(path)
    except OSError:
        return True  # importing it will say what is the matter
