"""What the tests of the login share: a person at the simulated consent page, an app, a vault."""

from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.message import Send
from paceport.oauth.vault.base import App, Vault
from paceport.oauth.vault.file import FileVault
from paceport.sandbox.world import World
from paceport.secret import Secret
from sandbox.visitor import Visitor


@pytest.fixture
def visitor(world: World, sandbox_send: Send) -> Visitor:
    """A person at the world, without a socket."""
    return Visitor(world=world, send=sandbox_send)


@pytest.fixture
def app(world: World) -> App:
    """The world's own app, as `init` would have stored it."""
    return App(
        oauth_url="http://sandbox",
        client_id=str(world.app.client_id),
        client_secret=Secret(world.app.client_secret),
    )


@pytest.fixture
def vault(tmp_path: Path, clock: ManualClock) -> Vault:
    return FileVault(tmp_path / "state", clock=clock)
