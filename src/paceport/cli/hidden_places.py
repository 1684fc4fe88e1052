"""Which circles are left out of what a command writes for others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from paceport.cli.invocation import Invocation

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.maps.place import HiddenCircle
    from paceport.training.history.history import History


def circles_of_history(invocation: Invocation, history: History) -> Sequence[HiddenCircle]:
    """For pictures of a history that was read with routes and all sports. Raises StoreErrors."""
    activities = history.activities or history.runs
    return _circles(invocation, [run.polyline for run in activities if not run.is_indoor], is_picture=True)


def circles_of_store(invocation: Invocation, store: Store) -> Sequence[HiddenCircle]:
    """For tracks of everything in the store. Raises StoreErrors."""
    results = store.run_rows.results(own_only=False, with_routes=True)
    return _circles(invocation, [result.get("polyline") for result in results.values()], is_picture=False)


def _circles(invocation: Invocation, polylines: list[str | None], *, is_picture: bool) -> Sequence[HiddenCircle]:
    from paceport.profile.private_places import hidden_circles
    from paceport.training.history.track_ends import track_ends

    profile = invocation.profile()
    return hidden_circles(profile.settings, profile.data, track_ends(polylines), is_picture=is_picture)
