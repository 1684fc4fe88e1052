"""Logins, adoptions and refreshes that die, are told to go or run out of room at every step: a login lives."""

from __future__ import annotations

import asyncio
import io
import os
import pickle
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from makers.faulty_disk import FaultyDisk, Killed, TellingDisk
from paceport.clock import ManualClock
from paceport.errors import PaceportError, StoreUnwritable
from paceport.http_message import Request, Response, Send
from paceport.oauth.import_tokens.take_over import identify_grant, save_imported_tokens
from paceport.oauth.import_tokens.token_formats import ImportedTokens
from paceport.oauth.keeper.keeper import Keeper
from paceport.oauth.keeper.refresh_context import RefreshContext
from paceport.oauth.login.code_exchange import exchange_and_save
from paceport.oauth.login.login_plan import LoginPlan
from paceport.oauth.protocol.redirect import Redirect
from paceport.oauth.token_store.base import Grant, login_key
from paceport.oauth.token_store.file import FileTokenStore
from paceport.sandbox.state.world import World
from paceport.scopes import parse_granted
from paceport.secret import Secret
from paceport.storage import disk

SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
SCOPES = ("read", "activity:read_all")


@dataclass(kw_only=True)
class Scene:
    """An old login at a server whose code exchange retires the refresh token before it."""

    world: World
    wire: Send
    clock: ManualClock
    plan: LoginPlan
    state_dir: Path
    exchanged: int = 0
    faulty: FaultyDisk = field(default_factory=FaultyDisk)
    calls_at_exchange: int | None = None

    @property
    def token_store(self) -> FileTokenStore:
        return FileTokenStore(self.state_dir, clock=self.clock)

    def send(self, request: Request, *, timeout_s: float = 30.0) -> Response:
        self.faulty.step()
        response = self.wire(request, timeout_s=timeout_s)
        self.note_sent(request)
        self.faulty.step()
        if request.url.endswith("/oauth/token") and response.status == 200:
            self.exchanged += 1
            self.calls_at_exchange = self.faulty.calls
        return response

    def note_sent(self, request: Request) -> None:
        """Write down what the server has been asked, for a parent whose own server knows nothing of it."""
        if self.faulty.wire_log is not None:
            with self.faulty.wire_log.open("ab") as log:
                pickle.dump(request, log)

    def consent(self, scopes: tuple[str, ...] = SCOPES) -> Redirect:
        """A person's consent, as the redirect tells of it."""
        athlete = self.world.people[0]
        code = self.world.grants.make_code(self.world.app.client_id, athlete.id, scopes, self.clock.now())
        return Redirect(code=Secret(code), scopes=parse_granted(",".join(scopes)), is_state_checked=True)

    def log_in(self, scopes: tuple[str, ...] = SCOPES, *, redirect: Redirect | None = None) -> Grant:
        """Exchange a consent, a new one if there is none."""
        redirect = redirect or self.consent(scopes)
        result = exchange_and_save(redirect, self.plan, token_store=self.token_store, send=self.send, clock=self.clock)
        return result.grant

    def keeper(self) -> Keeper:
        """A keeper of the stored login, as the next process makes it."""
        return Keeper(
            RefreshContext(
                token_store=self.token_store,
                key=self.token_store.grants()[0].key,
                app=lambda: self.plan.app,
                send=self.send,
                clock=self.clock,
            )
        )

    def grant_more(self) -> Grant:
        """A consent to more scopes, as `grant` asks for it."""
        return self.log_in((*SCOPES, "profile:read_all"))

    def imported(self) -> ImportedTokens:
        """The tokens of the stored login, as a file that names no athlete holds them."""
        stored = self.token_store.grants()[0]
        return ImportedTokens(
            refresh_token=stored.refresh_token, access_token=stored.access_token, expires_at=stored.expires_at
        )

    def forget(self) -> None:
        """Forget the stored login."""
        for grant in self.token_store.grants():
            with self.token_store.lock(grant.key):
                self.token_store.remove(grant.key)

    def adopt(self, tokens: ImportedTokens | None = None) -> Grant:
        """Take over tokens, those of the stored login if there are no others."""
        saved = save_imported_tokens(
            tokens or self.imported(),
            app=self.plan.app,
            api_url=self.plan.api_url,
            profile="default",
            token_store=self.token_store,
            clock=self.clock,
            force=True,
        )
        return identify_grant(saved.key, token_store=self.token_store, send=self.send, clock=self.clock)[0]

    def on_disk(self, work: Callable[[], object], *, fails_at: int | None = None, is_full: bool = False) -> None:
        """Do the work on a faulty disk."""
        self.faulty, self.calls_at_exchange = FaultyDisk(fails_at=fails_at, is_full=is_full), None
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(disk, "os", self.faulty)
            work()

    def with_disk(
        self, work: Callable[[], object], *, fails_at: int | None = None, is_full: bool = False
    ) -> FaultyDisk:
        """The same, however that ends; gives the disk."""
        with suppress(Killed, PaceportError):
            self.on_disk(work, fails_at=fails_at, is_full=is_full)
        return self.faulty

    def told_to_go(self, work: Callable[[], object], *, at: int, number: signal.Signals = signal.SIGTERM) -> int:
        """Do the work in a process of its own that gets the signal at so many steps; gives how it ended.

        What that process asked of its server is then asked of ours: both are the same world, with the same seeds.
        """
        log = self.state_dir.parent / "wire.log"
        log.unlink(missing_ok=True)
        child = os.fork()
        if child == 0:
            for each in SIGNALS:
                signal.signal(each, signal.SIG_DFL)
            with suppress(BaseException), pytest.MonkeyPatch.context() as patch:
                self.faulty = TellingDisk(at=at, number=number, wire_log=log)
                patch.setattr(disk, "os", self.faulty)
                work()
                os._exit(0)
            os._exit(1)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with log.open("rb") if log.exists() else io.BytesIO() as asked, suppress(EOFError):
            while True:
                self.wire(pickle.load(asked))
        return status

    def died_in_the_window(self, faulty: FaultyDisk) -> bool:
        """Whether it died after the server's answer and before that answer was on the disk: nobody can close that."""
        # The answer is kept by three calls: open, write, fsync. What is written outlives the process.
        return self.calls_at_exchange is not None and 0 < faulty.calls - self.calls_at_exchange <= 2

    def calls_before_the_answer(self) -> int:
        """How many calls of the disk a login makes before its code is exchanged."""
        self.with_disk(self.log_in)
        assert self.calls_at_exchange is not None
        return self.calls_at_exchange

    def check_that_a_login_lives(self) -> None:
        """The next start works, now and after the token has expired, and sends no used token again."""
        for advance_s in (1, 6 * 3600, 6 * 3600):
            self.clock.advance(advance_s)
            grants = self.token_store.grants()
            assert [grant.profile for grant in grants] == ["default"]
            token = self.keeper().token()
            headers = {"authorization": f"Bearer {token}"}
            assert self.send(Request(method="GET", url=f"{self.plan.api_url}/athlete", headers=headers)).status == 200
        assert self.world.grants.replays == 0


@pytest.fixture
def scene(
    world: World,
    sandbox_send: Send,
    clock: ManualClock,
    plan: LoginPlan,
    tmp_path: Path,
) -> Scene:
    scene = Scene(
        world=world,
        wire=sandbox_send,
        clock=clock,
        plan=plan,
        state_dir=tmp_path / "state",
    )
    scene.token_store.save_app(plan.app)
    scene.log_in()
    world.switches.set(refresh_rotation="always")
    clock.advance(60)
    return scene


ACTIONS: dict[str, Callable[[Scene], object]] = {
    "login": Scene.log_in,
    "grant": Scene.grant_more,
    "adopt": Scene.adopt,
}


@pytest.mark.parametrize(
    "action", ["login", *(pytest.param(name, marks=pytest.mark.slow) for name in ("grant", "adopt"))]
)
@pytest.mark.parametrize("is_full", [False, True], ids=["killed", "full"])
def test_at_every_write_the_old_login_or_the_new_one_lives(scene: Scene, action: str, is_full: bool) -> None:
    number, whole = 0, scene.with_disk(lambda: ACTIONS[action](scene)).calls
    scene.check_that_a_login_lives()
    assert whole > 10

    while (number := number + 1) <= whole:
        faulty = scene.with_disk(lambda: ACTIONS[action](scene), fails_at=number, is_full=is_full)
        if not is_full and scene.died_in_the_window(faulty):
            scene.log_in()
        scene.check_that_a_login_lives()


def test_an_adoption_never_leaves_two_records_of_one_refresh_token(scene: Scene) -> None:
    whole = scene.with_disk(lambda: scene.adopt()).calls

    for number in range(1, whole + 1):
        scene.forget()
        scene.log_in()
        tokens = scene.imported()
        scene.forget()
        scene.with_disk(partial(scene.adopt, tokens), fails_at=number)

        records = [path for path in (scene.state_dir / "grants").glob("*.json") if "refresh_token" in path.read_text()]
        assert len(records) <= 1
        assert len(scene.token_store.grants()) == len(records)


def test_a_login_that_found_no_room_for_its_record_is_settled_by_the_next_refresh(scene: Scene) -> None:
    before = scene.calls_before_the_answer()
    old = scene.token_store.grants()[0]
    # The journal has its room already; the record that comes after it finds none.
    with pytest.raises(StoreUnwritable):
        scene.on_disk(scene.log_in, fails_at=before + 4, is_full=True)
    assert scene.token_store.grants() == [old]

    scene.check_that_a_login_lives()

    assert scene.token_store.journal(login_key(old.key.oauth_origin, old.client_id)) is None


def test_a_code_is_not_exchanged_where_its_answer_could_not_be_kept(scene: Scene) -> None:
    exchanged = scene.exchanged

    with pytest.raises(StoreUnwritable):
        scene.on_disk(scene.log_in, fails_at=1, is_full=True)

    assert scene.exchanged == exchanged


def refresh_in_a_task(scene: Scene) -> None:
    asyncio.run(scene.keeper().token_async())


def refresh_in_a_thread(scene: Scene) -> None:
    """As a client's readers do it, while the main thread waits for their pages."""
    keeper = scene.keeper()
    reader = threading.Thread(target=keeper.token)
    with keeper.guarding_exchange():
        reader.start()
        reader.join()


# Each gives the work of one child, after what only the parent's world may do.
TOLD: dict[str, Callable[[Scene], Callable[[], object]]] = {
    "login": lambda scene: partial(scene.log_in, redirect=scene.consent()),
    "grant": lambda scene: partial(scene.log_in, redirect=scene.consent((*SCOPES, "profile:read_all"))),
    "adopt": lambda scene: partial(scene.adopt, scene.imported()),
    "refresh": lambda scene: scene.keeper().token,
    "task": lambda scene: partial(refresh_in_a_task, scene),
    "thread": lambda scene: partial(refresh_in_a_thread, scene),
}
SAMPLE = [("login", signal.SIGTERM, 5), ("refresh", SIGNALS[-1], 5), ("thread", signal.SIGTERM, 5)]


@pytest.mark.parametrize(
    ("action", "number", "every"),
    [
        *SAMPLE,
        *(pytest.param(action, number, 1, marks=pytest.mark.proof) for action in TOLD for number in SIGNALS),
    ],
)
def test_told_to_go_at_any_step_the_old_login_or_the_new_one_lives(
    scene: Scene, action: str, number: signal.Signals, every: int
) -> None:
    at, ended = 1, 1
    while ended != 0:
        if action in ("refresh", "task", "thread"):
            scene.clock.advance(7 * 3600)
        ended = scene.told_to_go(TOLD[action](scene), at=at, number=number)

        assert ended in (0, -number)
        scene.check_that_a_login_lives()
        at += every
    assert at > 10
