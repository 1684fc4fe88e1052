"""The loop of `paceport watch`: look, import what is ready, wait for the next change."""

from collections.abc import Callable, Iterable
from pathlib import Path

from paceport.clock import Clock
from paceport.errors import Busy, FileError, PaceportError, StoreError, UsageError
from paceport.logbook.watching.settled_files import SettledFiles

# Network folders tell of no changes: the folder is looked at this often in any case.
LOOK_EVERY_S = 60.0
# After a full disk or a busy logbook.
RETRY_S = 30.0


def watch_folder(
    folder: Path,
    *,
    import_files: Callable[[list[Path]], None],
    warn: Callable[[str], None],
    clock: Clock,
    wakes: Iterable[bool],
) -> None:
    """Import the files of a folder as they come, until `wakes` ends.

    `wakes` gives a value every second or so, True when something changed in the folder. `import_files` takes the files
    that are ready; what it raises is told to `warn`: an error of the logbook (full, busy) is tried again later, any
    other concerns these files alone, and they are then imported one by one. Never raises for a file.
    """
    files = SettledFiles(folder=folder, clock=clock)
    looked_s, not_before_s, is_gone = float("-inf"), float("-inf"), False
    for is_changed in wakes:
        now_s = clock.monotonic_s()
        if not (is_changed or files.waiting or now_s - looked_s >= LOOK_EVERY_S):
            continue
        try:
            ready = files.look()
        except OSError as error:
            if not is_gone:
                warn(f"{folder} cannot be read ({(error.strerror or str(error)).lower()}): waiting until it can be")
            is_gone = True
            continue
        looked_s, is_gone = now_s, False
        if not ready or now_s < not_before_s:
            continue
        try:
            _import(ready, import_files, files, warn)
        except (StoreError, Busy) as error:
            warn(f"{error.what}: {error.why}. Trying again in {RETRY_S:.0f} s")
            not_before_s = now_s + RETRY_S


def _import(
    ready: list[Path],
    import_files: Callable[[list[Path]], None],
    files: SettledFiles,
    warn: Callable[[str], None],
) -> None:
    """Import all at once; where that fails for one of them, each alone. Raises StoreError and Busy."""
    try:
        import_files(ready)
    except (UsageError, FileError) as error:
        if len(ready) > 1:
            for path in ready:
                _import([path], import_files, files, warn)
            return
        _warn_of(error, warn)
    for path in ready:
        files.done(path)


def _warn_of(error: PaceportError, warn: Callable[[str], None]) -> None:
    warn(f"{error.what}: {error.why}")
