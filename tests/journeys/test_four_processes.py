"""Four commands at once, each a process of its own, share one app's limits: the service counts, and refuses nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from paceport.clock import SystemClock
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.server import serve
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from processes import start
from stored import stored_login

QUARTER_S = 900
AT_ONCE = 4
# 34 pages of 50 activities each: four processes want 136 requests where 40 are allowed.
LIST = ("api", "/athlete/activities", "-f", "per_page=50", "--all", "--no-wait")
PATIENCE_S = 60.0


@pytest.mark.slow
@pytest.mark.parametrize(
    "limits",
    [
        Limits(overall_quarter=400, overall_day=4000, read_quarter=40, read_day=4000),
        Limits(overall_quarter=40, overall_day=4000, read_quarter=400, read_day=4000),
        Limits(overall_quarter=400, overall_day=4000, read_quarter=400, read_day=40),
    ],
    ids=["read limit of a quarter", "overall limit of a quarter", "read limit of a day"],
)
def test_processes_at_once_never_overspend(population: Population, tmp_path: Path, limits: Limits) -> None:
    clock = SystemClock()
    world = World(population, seed=1)
    world.set_limits(limits)
    with serve(world) as address:
        environ = {
            "PACEPORT_HOME": str(tmp_path / "home"),
            "PACEPORT_OAUTH_URL": address.url,
            "PACEPORT_API_URL": address.api_url,
        }
        with Profile(settings=Settings.from_environment(environ), clock=clock) as profile:
            stored_login(profile, world)
        first_window = int(clock.now().timestamp() // QUARTER_S)

        running = [start(LIST, environ) for _ in range(AT_ONCE)]
        ended = [(process.communicate(timeout=PATIENCE_S)[1], process.returncode) for process in running]

        # The machine's clock may pass the edge of a window meanwhile: then the quarter's limit counts anew.
        windows = int(clock.now().timestamp() // QUARTER_S) - first_window + 1
        sent = world.requests["GET /athlete/activities"]
    assert [code for _, code in ended] == [6] * AT_ONCE, ended
    assert 40 - AT_ONCE <= sent <= 40 * windows
    assert all("opens again at" in said for said, _ in ended)
