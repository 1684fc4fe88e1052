"""A pytest plugin: the fixture `strava_sandbox`, a simulated Strava for the tests of any program.

It is loaded into every test run where Paceport is installed, so nothing but pytest is imported before a test asks for
the fixture. How to use it: docs/how-to/test-your-strava-code.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from paceport.clock import ShiftedClock
    from paceport.sandbox.athletes.people import Person
    from paceport.sandbox.http.server import Address
    from paceport.sandbox.state.planned_faults import FaultKind
    from paceport.sandbox.state.world import World

_EVERYTHING = "read,read_all,profile:read_all,profile:write,activity:read,activity:read_all,activity:write"


@pytest.fixture
def strava_sandbox(_paceport_sandbox: StravaSandbox) -> StravaSandbox:
    """A simulated Strava on loopback, as new for each test: see docs/how-to/test-your-strava-code.md of Paceport."""
    _paceport_sandbox.reset()
    return _paceport_sandbox


@pytest.fixture(scope="session")
def _paceport_sandbox() -> Iterator[StravaSandbox]:
    # Making years of training takes about a second: one world serves the whole session and is reset for each test.
    try:
        from paceport.sandbox.athletes.population_generator import populate
        from paceport.sandbox.http.server import serve
        from paceport.sandbox.state.world import World
    except ImportError as error:
        from paceport.errors import MissingExtra

        raise MissingExtra(extra="sandbox", needed_for="The fixture strava_sandbox") from error
    from paceport.clock import ShiftedClock

    clock = ShiftedClock()
    world = World(populate(1), clock=clock)
    with serve(world) as address:
        yield StravaSandbox(world=world, clock=clock, address=address)


class StravaSandbox:
    """A running simulated Strava. `world` is all of it; the rest is what most tests need.

    `clock` is the machine's own plus an offset: `clock.advance(6 * 3600)` lets every access token expire.
    """

    def __init__(self, *, world: World, clock: ShiftedClock, address: Address) -> None:
        self.world, self.clock, self._address = world, clock, address

    def __repr__(self) -> str:
        return f"StravaSandbox({self.base_url!r})"

    @property
    def base_url(self) -> str:
        """What stands for `https://www.strava.com`."""
        return self._address.url

    @property
    def api_url(self) -> str:
        """What stands for `https://www.strava.com/api/v3`."""
        return self._address.api_url

    @property
    def oauth_url(self) -> str:
        """What stands for `https://www.strava.com/oauth`: `/authorize`, `/token` and the rest are below it."""
        return f"{self._address.url}/oauth"

    @property
    def client_id(self) -> int:
        """The id of the app that is registered there; any redirect to localhost is allowed."""
        return self.world.app.client_id

    @property
    def client_secret(self) -> str:
        """The app's secret."""
        return self.world.app.client_secret

    @property
    def requests(self) -> dict[str, int]:
        """How often each endpoint was called in this test, such as `{"GET /athlete": 1}`."""
        return dict(self.world.requests)

    def athlete(self, who: int | str = 0) -> SandboxAthlete:
        """An athlete by place (0, 1, 2), by id, or by first, last or full name. Raises LookupError for nobody."""
        people = self.world.people
        for place, person in enumerate(people):
            names = (person.firstname, person.lastname, f"{person.firstname} {person.lastname}")
            if who in (place, person.id) or (isinstance(who, str) and who.casefold() in map(str.casefold, names)):
                return SandboxAthlete(sandbox=self, person=person)
        known = ", ".join(f"{person.firstname} {person.lastname}" for person in people)
        raise LookupError(f"no athlete matches {who!r}; there are {known}")

    def fault(
        self, kind: FaultKind, *, path: str = "/", method: str = "", times: int = 1, after: int = 0, **more: int
    ) -> None:
        """Plan trouble for coming requests whose path begins with `path`: `fault("rate_limited", path="/athlete")`.

        A path is one of the API unless it begins with `/oauth` or `/api`. `more`: `status`, `seconds`. The kinds:
        docs/reference/sandbox.md. Raises `paceport.sandbox.state.planned_faults.InvalidFault`.
        """
        below_api = path != "/" and not path.startswith(("/oauth", "/api"))
        self.world.plan(
            kind, path=f"/api/v3{path}" if below_api else path, method=method, times=times, after=after, **more
        )

    def reset(self) -> None:
        """Back to the first moment, the clock too. Done before each test."""
        self.world.reset()
        self.clock.advance(-self.clock.offset_s)


class SandboxAthlete:
    """An athlete of the simulated Strava."""

    def __init__(self, *, sandbox: StravaSandbox, person: Person) -> None:
        self._sandbox, self._person = sandbox, person

    def __repr__(self) -> str:
        return f"SandboxAthlete({self.name!r}, id={self.id})"

    @property
    def id(self) -> int:
        """The athlete's id."""
        return self._person.id

    @property
    def firstname(self) -> str:
        """The first name."""
        return self._person.firstname

    @property
    def lastname(self) -> str:
        """The last name."""
        return self._person.lastname

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.firstname} {self.lastname}"

    @property
    def activity_ids(self) -> tuple[int, ...]:
        """The ids of all activities as they stand, newest first; private ones too."""
        return tuple(activity.id for activity in self._sandbox.world.activities(self.id))

    def token(self, scopes: str = _EVERYTHING) -> str:
        """An access token with these scopes (comma or space between them); all seven by default."""
        return str(self.login(scopes)["access_token"])

    def login(self, scopes: str = _EVERYTHING) -> dict[str, Any]:
        """What the token endpoint would answer: access and refresh token, when the first expires, and the athlete.

        Raises ValueError for a scope that does not exist.
        """
        words = tuple(scopes.replace(",", " ").split())
        unknown = set(words) - set(_EVERYTHING.split(","))
        if unknown or not words:
            raise ValueError(f"no such scope: {', '.join(sorted(unknown)) or 'none was given'}")
        world = self._sandbox.world
        with world.lock:
            now = world.now()
            code = world.grants.make_code(self._sandbox.client_id, self.id, words, now)
            issued = world.grants.exchange(self._sandbox.client_id, code, now)
        return {
            "token_type": "Bearer",
            "access_token": issued.access_token,
            "refresh_token": issued.refresh_token,
            "expires_at": issued.expires_at_s,
            "expires_in": issued.expires_in_s,
            "scope": ",".join(issued.scopes),
            "athlete": {"id": self.id, "firstname": self.firstname, "lastname": self.lastname},
        }

    def sign_in(self) -> None:
        """Let the consent page find this athlete signed in; at first it is the first one."""
        self._sandbox.world.sign_in(self.id)

    def revoke(self) -> None:
        """Take the app's access back, as on the page of connected apps: all tokens of this athlete die."""
        self._sandbox.world.revoke(self.id)
