"""With which athlete the stored training loads were computed.

A mark of it is kept with what expires, and may be lost at any time: then loads are computed anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.training.metrics.athlete import AthleteFacts

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store

_KEY = "loads computed with"


def are_loads_of(store: Store, athlete: AthleteFacts) -> bool:
    """Whether the stored loads are this athlete's."""
    return store.cached.state(_KEY) == repr(athlete)


def loads_state(athlete: AthleteFacts) -> dict[str, str]:
    """The mark, to be kept once all loads are this athlete's."""
    return {_KEY: repr(athlete)}
