"""A shell that points at the sandbox, for every test of the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from paceport.cli.demo import Visitor
from paceport.cli.sandbox import environment
from paceport.clock import ManualClock
from paceport.sandbox.server import Address
from paceport.sandbox.world import World
from paceport.transport import open_transport
from shell import Shell


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def shell(server: Address, world: World, clock: ManualClock, home: Path) -> Iterator[Shell]:
    """A fresh home and a shell that points at the sandbox; a visitor agrees to whatever is asked."""
    with open_transport() as send:
        visitor = Visitor(send=send)
        environ = environment({}, port=server.port, seed=world.seed) | {"PACEPORT_HOME": str(home)}
        yield Shell(environ=environ, clock=clock, visit=visitor)
        visitor.join()
