"""`sandbox --connect`: all athletes of a running sandbox let a service in, as each would in a browser.

The simulated app has more athletes after it than before, so the other tests of connecting have a service of their own.
"""

from pathlib import Path

import pytest

from paceport.cli.sandbox import sandbox_variables
from paceport.clock import ManualClock
from service.serving import Served
from shell import Shell


def no_browser(url: str) -> bool:
    raise AssertionError(url)


@pytest.fixture
def beside(served: Served, tmp_path: Path) -> Shell:
    """A terminal whose environment names the sandbox of the service."""
    port = int(served.strava_url.rstrip("/").rpartition(":")[2])
    return Shell(
        environ=sandbox_variables({}, port=port, seed=1) | {"PACEPORT_HOME": str(tmp_path)},
        clock=ManualClock(served.world.clock.now()),
        visit=no_browser,
    )


def test_all_athletes_connect_and_may_do_it_again(served: Served, beside: Shell) -> None:
    count = len(served.world.population.people)

    ended = [beside("sandbox", "--connect", served.url) for _ in range(2)]

    assert [(one.code, f"{count} of {count} athletes have connected" in one.err) for one in ended] == [(0, True)] * 2
    assert len(served.parts.token_store.grants()) == count


def test_no_service_of_others_is_connected_to(beside: Shell) -> None:
    ended = beside("sandbox", "--connect", "https://example.org")

    assert ended.code == 2
    assert "on this machine" in ended.err
