"""Names of files as a browser says them, made fit to be names in a folder of ours."""

from __future__ import annotations

import re

from paceport.text import clean

_LONGEST_BYTES = 120
_LONGEST_SUFFIX = 12
_UNFIT = re.compile(r'[<>:"|?*\x00]')
_NO_NAME = "file"
# Deeper than any folder of recordings, and short enough for every file system.
_DEEPEST = 12


def safe_name(name: str) -> str:
    """The last part of a name, without what leads out of a folder or cannot be shown; its suffixes stay."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    fit = _UNFIT.sub("_", clean(last)).strip().strip(".").encode(errors="replace").decode()
    return _shortened(fit) or _NO_NAME


def safe_folder(path: str) -> tuple[str, ...]:
    """The parts of a dropped folder's path, each made fit as `safe_name` does; none of "" or of dots alone.

    What lies deeper than twelve folders is put into the twelfth.
    """
    parts = (part.strip() for part in path.replace("\\", "/").split("/"))
    return tuple(safe_name(part) for part in parts if part.strip("."))[:_DEEPEST]


def distinct_name(name: str, taken: set[str]) -> str:
    """A name that is not among those taken, whatever a file system thinks of capitals: `run.fit`, `run (2).fit`."""
    stem, suffixes = _parted(name)
    number, candidate = 1, name
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{stem} ({number}){suffixes}"
    taken.add(candidate.casefold())
    return candidate


def _shortened(name: str) -> str:
    stem, suffixes = _parted(name)
    room = _LONGEST_BYTES - len(suffixes.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + suffixes


def _parted(name: str) -> tuple[str, str]:
    """Stem and suffixes, as in `run` and `.fit.gz`; what is too long is no suffix."""
    stem, dot, rest = name.partition(".")
    parts = rest.split(".")[-2:] if dot else []
    suffixes = ""
    for part in reversed(parts):
        if not part or len(part.encode()) > _LONGEST_SUFFIX or " " in part:
            break
        suffixes = f".{part}{suffixes}"
    if not stem or not suffixes:
        return name, ""
    return name[: -len(suffixes)], suffixes
