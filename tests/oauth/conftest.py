"""What the tests of the login share: a person at the simulated consent page, an app, a token store."""

from pathlib import Path
from typing import Any, Protocol

import pytest

from oauth.person import Person
from paceport.clock import ManualClock
from paceport.http_message import Send
from paceport.oauth.login.flow import login
from paceport.oauth.login.login_plan import LoginContext, LoginPlan, LoginResult
from paceport.oauth.token_store.base import App, TokenStore
from paceport.oauth.token_store.file import FileTokenStore
from paceport.sandbox.state.world import World
from paceport.scopes import parse_granted
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
def token_store(tmp_path: Path, clock: ManualClock) -> TokenStore:
    return FileTokenStore(tmp_path / "state", clock=clock)


@pytest.fixture
def plan(app: App) -> LoginPlan:
    return LoginPlan(
        app=app,
        api_url="http://sandbox/api/v3",
        profile="default",
        requested_scopes=parse_granted("read,activity:read_all"),
    )


@pytest.fixture
def person(visitor: Visitor) -> Person:
    return Person(visitor=visitor)


class LogIn(Protocol):
    """The journey with everything in place; keywords replace parts of it."""

    def __call__(self, plan: LoginPlan, **changes: object) -> LoginResult: ...


@pytest.fixture
def log_in(person: Person, token_store: TokenStore, clock: ManualClock) -> LogIn:
    def run(plan: LoginPlan, **changes: object) -> LoginResult:
        parts: dict[str, Any] = {
            "token_store": token_store,
            "send": person.visitor.send,
            "clock": clock,
            "say": person.hear,
            **({"paste_fd": person.terminal()} if person.pastes else {"open_browser": person.browse}),
            **changes,
        }
        return login(plan, LoginContext(**parts))

    return run
