import pytest

from paceport.message import Send
from paceport.sandbox.world import World
from sandbox.visitor import Visitor


@pytest.fixture
def visitor(world: World, sandbox_send: Send) -> Visitor:
    """A person at the world, without a socket."""
    return Visitor(world=world, send=sandbox_send)
