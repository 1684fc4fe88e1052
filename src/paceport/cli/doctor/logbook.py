"""Whether both databases of the logbook are whole and can be read and written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from paceport.cli.doctor.finding import Finding
from paceport.errors import Busy, MissingExtra, PaceportError, StoreUnwritable
from paceport.profile.profile import Profile


def about_logbook(profile: Profile) -> Iterator[Finding]:
    """One finding for own.db and one for cache.db; nothing is changed, and an absent one is not made."""
    try:
        from paceport.logbook.database.check_database import check_database
    except MissingExtra:
        yield Finding(check="logbook", state="skipped", text="the logbook extra is not installed")
        return
    for path in (profile.data / "own.db", profile.cache / "cache.db"):
        try:
            said = check_database(path)
        except (Busy, StoreUnwritable) as error:
            yield _finding(path.name, error, state="note")
        except PaceportError as error:
            yield _finding(path.name, error, state="bad")
        else:
            yield Finding(check=path.name, state="ok", text=said, public=said)


def _finding(name: str, error: PaceportError, *, state: Literal["note", "bad"]) -> Finding:
    text = f"{error.what}: {error.why}" if error.why else error.what
    return Finding(check=name, state=state, text=text, public=type(error).__name__, fix=error.fix)
