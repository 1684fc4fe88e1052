import json
import os
import re
import shlex
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import IS_ROOT
from contracts.token_store import NOW, OpenVault, TokenStoreContract, make_answer, make_grant, make_journal
from paceport.clock import ManualClock
from paceport.errors import Busy, StoreError, StoreTooNew, StoreUnreadable, StoreUnsafe, StoreUnwritable
from paceport.oauth.token_store.base import App, Grant
from paceport.oauth.token_store.file import FileTokenStore
from paceport.oauth.token_store.record import grant_slug
from paceport.secret import Secret
from paceport.storage.process_lock import are_locks_exclusive

APP = App(oauth_url="https://www.strava.com", client_id="12345", client_secret=Secret("s" * 40))


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path / "home" / "state"


@pytest.fixture
def token_store(state_dir: Path, clock: ManualClock) -> FileTokenStore:
    return FileTokenStore(state_dir, clock=clock)


class TestContract(TokenStoreContract):
    @pytest.fixture
    def open_store(self, state_dir: Path, clock: ManualClock) -> OpenVault:
        return lambda: FileTokenStore(state_dir, clock=clock)


def put(token_store: FileTokenStore, grant: Grant) -> Grant:
    with token_store.lock(grant.key):
        return token_store.save(grant, expect_generation=0)


def grant_file(state_dir: Path) -> Path:
    return state_dir / "grants" / f"{grant_slug(make_grant().key)}.json"


def fill(token_store: FileTokenStore) -> None:
    put(token_store, make_grant())
    with token_store.lock(make_grant().key):
        token_store.begin_journal(make_grant().key, make_journal(make_grant()))
        token_store.add_journal_answer(make_grant().key, make_answer())
    token_store.save_app(APP)


def touch(token_store: FileTokenStore, suffix: str) -> None:
    """Use the one file of the grant that has this suffix."""
    key = make_grant().key
    if suffix == "lock":
        with token_store.lock(key):
            pass
    else:
        _ = token_store.read(key) if suffix == "json" else token_store.journal(key)


def as_other_user(imports: str, code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run code as another user, where this one is root; permissions do not bind root.

    The imports run before: the interpreter may lie where that other user cannot read.
    """
    drop = "os.setegid(65534); os.seteuid(65534)" if os.geteuid() == 0 else ""
    return subprocess.run(
        [sys.executable, "-c", "\n".join(["import os, sys", imports, drop, code]), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_every_file_is_born_private_under_any_umask(state_dir: Path, token_store: FileTokenStore, umask: int) -> None:
    state_dir.parent.mkdir()
    before = os.umask(umask)
    try:
        fill(token_store)
    finally:
        os.umask(before)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [state_dir, *state_dir.rglob("*")]}
    assert modes["state"] == modes["grants"] == modes["apps"] == 0o700
    files = {name: mode for name, mode in modes.items() if name not in {"state", "grants", "apps"}}
    assert len(files) == 5
    assert set(files.values()) == {0o600}


def test_no_draft_is_left_behind(state_dir: Path, token_store: FileTokenStore) -> None:
    fill(token_store)

    assert not list(state_dir.rglob("*.new"))


def test_the_draft_of_a_writer_that_died_is_replaced(state_dir: Path, token_store: FileTokenStore) -> None:
    grant = put(token_store, make_grant())
    draft = grant_file(state_dir).with_name(grant_file(state_dir).name + ".new")
    draft.write_text("half")

    with token_store.lock(grant.key):
        token_store.save(grant, expect_generation=1)

    assert not draft.exists()


def test_removing_leaves_no_token_behind_not_even_in_drafts(state_dir: Path, token_store: FileTokenStore) -> None:
    fill(token_store)
    for suffix in ("json", "journal"):
        grant_file(state_dir).with_suffix(f".{suffix}.new").write_text("a" * 40)

    with token_store.lock(make_grant().key):
        token_store.remove(make_grant().key)

    assert [path.name for path in (state_dir / "grants").iterdir()] == [grant_file(state_dir).with_suffix(".lock").name]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620])
def test_a_record_others_can_get_at_is_refused_with_the_line_that_repairs_it(
    state_dir: Path, token_store: FileTokenStore, mode: int
) -> None:
    put(token_store, make_grant())
    grant_file(state_dir).chmod(mode)

    with pytest.raises(StoreUnsafe) as refused:
        token_store.read(make_grant().key)

    assert refused.value.fix == f"chmod 600 {shlex.quote(str(grant_file(state_dir)))}"
    assert refused.value.exit_code == 8


@pytest.mark.parametrize("folder", ["", "grants"])
def test_a_folder_others_can_enter_is_refused_with_the_line_that_repairs_it(
    state_dir: Path, token_store: FileTokenStore, folder: str
) -> None:
    grant = put(token_store, make_grant())
    (state_dir / folder).chmod(0o750)

    with pytest.raises(StoreUnsafe, match=re.escape(f"chmod 700 {shlex.quote(str(state_dir / folder))}")):
        token_store.read(grant.key)
    with pytest.raises(StoreUnsafe, match="chmod 700"):
        token_store.grants()
    with pytest.raises(StoreUnsafe, match="chmod 700"), token_store.lock(grant.key):
        pass


def test_an_app_others_can_read_is_refused(state_dir: Path, token_store: FileTokenStore) -> None:
    token_store.save_app(APP)
    next((state_dir / "apps").glob("*.json")).chmod(0o644)

    with pytest.raises(StoreUnsafe, match="chmod 600"):
        token_store.app(APP.oauth_url, APP.client_id)


@pytest.mark.skipif(not IS_ROOT, reason="only root can give a file away")
@pytest.mark.parametrize("what", ["record", "folder"])
def test_what_belongs_to_another_user_is_refused(state_dir: Path, token_store: FileTokenStore, what: str) -> None:
    put(token_store, make_grant())
    os.chown(grant_file(state_dir) if what == "record" else state_dir, 65534, 65534)

    with pytest.raises(StoreUnsafe, match="belongs to another user"):
        token_store.read(make_grant().key)


@pytest.mark.parametrize("suffix", ["json", "journal", "lock"])
def test_a_planted_symlink_is_refused_and_its_target_untouched(
    state_dir: Path, token_store: FileTokenStore, tmp_path: Path, suffix: str
) -> None:
    fill(token_store)
    path = grant_file(state_dir).with_suffix(f".{suffix}")
    target = tmp_path / "target"
    target.write_bytes(path.read_bytes())
    target.chmod(0o600)
    path.unlink()
    path.symlink_to(target)
    before = target.read_bytes()

    with pytest.raises(StoreUnsafe, match="symbolic link"):
        touch(token_store, suffix)

    assert target.read_bytes() == before


@pytest.mark.parametrize("suffix", ["json", "journal", "lock"])
def test_a_second_name_of_a_file_is_refused(
    state_dir: Path, token_store: FileTokenStore, tmp_path: Path, suffix: str
) -> None:
    fill(token_store)
    (tmp_path / "second").hardlink_to(grant_file(state_dir).with_suffix(f".{suffix}"))

    with pytest.raises(StoreUnsafe, match="hard link"):
        touch(token_store, suffix)


def test_a_linked_folder_is_refused(state_dir: Path, token_store: FileTokenStore, tmp_path: Path) -> None:
    put(token_store, make_grant())
    (state_dir / "grants").rename(tmp_path / "elsewhere")
    (state_dir / "grants").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(StoreUnsafe, match="link"):
        token_store.read(make_grant().key)


def test_a_pipe_in_the_place_of_a_record_does_not_hang_the_reader(state_dir: Path, token_store: FileTokenStore) -> None:
    put(token_store, make_grant())
    grant_file(state_dir).unlink()
    os.mkfifo(grant_file(state_dir), 0o600)

    with pytest.raises(StoreUnsafe, match="not a plain file"):
        token_store.read(make_grant().key)


@pytest.mark.parametrize("length", [0, 1, 100, -2])
def test_a_half_written_record_is_an_error_that_names_it(
    state_dir: Path, token_store: FileTokenStore, length: int
) -> None:
    put(token_store, make_grant())
    path = grant_file(state_dir)
    path.write_bytes(path.read_bytes()[:length])

    with pytest.raises(StoreUnreadable) as refused:
        token_store.read(make_grant().key)

    assert refused.value.path == str(path)
    assert "half written" in refused.value.why
    assert [record.error.what for record in token_store.damaged()] == [refused.value.what]


@pytest.mark.parametrize(
    "foreign", [b"[]", b"null", b"\xff\xfe", b"{}", b'{"access_token": "x"}', b'{"schema": true}', b"[" * 100_000]
)
def test_another_programs_json_is_an_error_that_names_it(
    state_dir: Path, token_store: FileTokenStore, foreign: bytes
) -> None:
    put(token_store, make_grant())
    grant_file(state_dir).write_bytes(foreign)

    with pytest.raises(StoreUnreadable, match=r"\.json"):
        token_store.read(make_grant().key)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("expires_at", "soon"),
        ("expires_at", 1e300),
        ("expires_at", True),
        ("generation", 1.5),
        ("scopes", "read"),
        ("scopes", [1]),
        ("status", "fine"),
        ("oauth_url", "strava"),
        ("api_url", "strava"),
        ("access_token", None),
        ("athlete_id", "7"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(
    state_dir: Path, token_store: FileTokenStore, name: str, value: object
) -> None:
    put(token_store, make_grant())
    record = json.loads(grant_file(state_dir).read_bytes())
    grant_file(state_dir).write_text(json.dumps({**record, name: value}))

    with pytest.raises(StoreUnreadable, match=f"'{name}'") as refused:
        token_store.read(make_grant().key)

    assert refused.value.path == str(grant_file(state_dir))


def test_an_app_that_is_no_record_is_named(state_dir: Path, token_store: FileTokenStore) -> None:
    token_store.save_app(APP)
    path = next((state_dir / "apps").glob("*.json"))
    path.write_bytes(b"{}")

    for ask in (token_store.apps, lambda: token_store.app(APP.oauth_url, APP.client_id)):
        with pytest.raises(StoreUnreadable) as refused:
            ask()
        assert refused.value.path == str(path)


def test_a_newer_versions_record_is_left_alone(state_dir: Path, token_store: FileTokenStore) -> None:
    grant = put(token_store, make_grant())
    record = json.loads(grant_file(state_dir).read_bytes())
    newer = json.dumps({**record, "schema": 2})
    grant_file(state_dir).write_text(newer)

    with pytest.raises(StoreTooNew):
        token_store.read(grant.key)
    with pytest.raises(StoreTooNew), token_store.lock(grant.key):
        token_store.save(grant, expect_generation=1)

    assert grant_file(state_dir).read_text() == newer


def test_a_field_of_a_newer_version_with_our_schema_is_ignored(state_dir: Path, token_store: FileTokenStore) -> None:
    grant = put(token_store, make_grant())
    record = json.loads(grant_file(state_dir).read_bytes())
    grant_file(state_dir).write_text(json.dumps({**record, "colour": "blue"}))

    assert token_store.read(grant.key) == grant


def test_no_error_shows_what_the_record_holds(state_dir: Path, token_store: FileTokenStore) -> None:
    put(token_store, make_grant())
    record = json.loads(grant_file(state_dir).read_bytes())
    grant_file(state_dir).write_text(json.dumps({**record, "status": record["refresh_token"]}))

    with pytest.raises(StoreUnreadable) as refused:
        token_store.read(make_grant().key)

    assert record["refresh_token"] not in str(refused.value)


def test_a_journal_cut_off_at_birth_is_none(state_dir: Path, token_store: FileTokenStore) -> None:
    fill(token_store)
    path = grant_file(state_dir).with_suffix(".journal")
    path.write_bytes(path.read_bytes()[:50])

    assert token_store.journal(make_grant().key) is None


@pytest.mark.parametrize("mark", [b'{"length"', b"sha256", b"access_token"])
def test_a_torn_answer_is_no_answer(state_dir: Path, token_store: FileTokenStore, mark: bytes) -> None:
    fill(token_store)
    path = grant_file(state_dir).with_suffix(".journal")
    content = path.read_bytes()
    at = content.index(mark)
    path.write_bytes(content[:at] + b" " * (len(content) - at))

    assert token_store.journal(make_grant().key) == make_journal(make_grant())


def test_a_newer_versions_journal_is_left_alone(state_dir: Path, token_store: FileTokenStore) -> None:
    fill(token_store)
    path = grant_file(state_dir).with_suffix(".journal")
    path.write_bytes(path.read_bytes().replace(b'"schema": 1', b'"schema": 2'))

    with pytest.raises(StoreTooNew) as refused:
        token_store.journal(make_grant().key)

    assert refused.value.path == str(path)


def test_a_journal_takes_its_room_before_the_answer_needs_it(state_dir: Path, token_store: FileTokenStore) -> None:
    grant = make_grant()
    with token_store.lock(grant.key):
        token_store.begin_journal(grant.key, make_journal(grant))
        size = grant_file(state_dir).with_suffix(".journal").stat().st_size

        token_store.add_journal_answer(grant.key, make_answer())

    assert size == grant_file(state_dir).with_suffix(".journal").stat().st_size == 64 * 1024


def test_a_journal_does_not_hold_the_refresh_token(state_dir: Path, token_store: FileTokenStore) -> None:
    grant = make_grant()
    with token_store.lock(grant.key):
        token_store.begin_journal(grant.key, make_journal(grant))

    content = grant_file(state_dir).with_suffix(".journal").read_text()
    assert grant.refresh_token.reveal() not in content


def test_a_copied_store_says_where_it_came_from(state_dir: Path, token_store: FileTokenStore, tmp_path: Path) -> None:
    grant = put(token_store, make_grant())
    state_dir.rename(tmp_path / "copy")
    copy = FileTokenStore(tmp_path / "copy", clock=ManualClock(NOW))

    found = copy.read(grant.key)

    assert found is not None
    assert str(grant_file(state_dir)) in found.copied_from
    with copy.lock(grant.key):
        assert copy.save(found, expect_generation=1).copied_from == ""
    again = copy.read(grant.key)
    assert again is not None
    assert again.copied_from == ""


def test_a_move_cut_off_between_content_and_name_leaves_the_newer_record_in_force(
    state_dir: Path, token_store: FileTokenStore
) -> None:
    older = put(token_store, replace(make_grant(), refresh_token=Secret("c" * 40)))
    unnamed = put(token_store, make_grant(athlete_id=None))
    before = grant_file(state_dir).read_bytes()
    moved = token_store.move(unnamed.key, replace(unnamed, athlete_id=older.athlete_id))
    content_moved = grant_file(state_dir).rename(state_dir / "grants" / f"{grant_slug(unnamed.key)}.json")
    grant_file(state_dir).write_bytes(before)
    grant_file(state_dir).chmod(0o600)

    found = [*token_store.grants(), token_store.read(older.key)]

    assert [grant and grant.refresh_token for grant in found] == [moved.refresh_token] * 2
    assert content_moved.exists()


def test_the_lock_file_outlives_the_lock(state_dir: Path, token_store: FileTokenStore) -> None:
    with token_store.lock(make_grant().key):
        before = grant_file(state_dir).with_suffix(".lock").stat().st_ino

    assert grant_file(state_dir).with_suffix(".lock").stat().st_ino == before
    assert not grant_file(state_dir).with_suffix(".holder").exists()


HOLD = """
import sys, time
from pathlib import Path
from contracts.token_store import make_grant
from paceport.clock import SystemClock
from paceport.oauth.token_store.file import FileTokenStore
with FileTokenStore(Path(sys.argv[1]), clock=SystemClock()).lock(make_grant().key):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(state_dir: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(state_dir)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_stopped_holder_is_named_and_a_killed_one_leaves_no_lock(
    token_store: FileTokenStore, holder: "subprocess.Popen[str]"
) -> None:
    with holder:
        holder.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, holder.pid, os.WSTOPPED | os.WNOWAIT)

        with pytest.raises(Busy) as busy, token_store.lock(make_grant().key, timeout_s=0.05):
            pass
        assert f"process {holder.pid} " in busy.value.holder
        assert "stopped" in busy.value.holder

        holder.kill()
        holder.wait()
        with token_store.lock(make_grant().key, timeout_s=10.0):
            pass


def test_a_holder_file_that_is_no_use_is_not_trusted(state_dir: Path, token_store: FileTokenStore) -> None:
    with token_store.lock(make_grant().key):
        grant_file(state_dir).with_suffix(".holder").write_text("[")

        with pytest.raises(Busy, match="another process"), token_store.lock(make_grant().key, timeout_s=0.0):
            pass


def test_locks_hold_on_this_file_system(state_dir: Path) -> None:
    assert are_locks_exclusive(state_dir)


def test_a_full_disk_is_an_error_and_the_old_record_stands(state_dir: Path, token_store: FileTokenStore) -> None:
    grant = put(token_store, make_grant())
    code = """
import resource
from pathlib import Path
from contracts.token_store import make_grant, make_journal
from paceport.clock import SystemClock
from paceport.errors import StoreUnwritable
from paceport.oauth.token_store.file import FileTokenStore
token_store = FileTokenStore(Path(sys.argv[1]), clock=SystemClock())
grant = token_store.read(make_grant().key)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
with token_store.lock(grant.key):
    for write in (
        lambda: token_store.save(grant, expect_generation=1),
        lambda: token_store.begin_journal(grant.key, make_journal(grant)),
    ):
        try:
            write()
        except StoreUnwritable as error:
            print(error.what)
"""

    ran = subprocess.run(
        [sys.executable, "-c", "import sys\n" + code, str(state_dir)],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert ran.stdout.count("cannot be written") == 2
    assert token_store.read(grant.key) == grant
    assert not list(state_dir.rglob("*.new"))


@pytest.mark.parametrize("place", ["grants", ""])
def test_a_folder_that_takes_no_files_is_unwritable(state_dir: Path, token_store: FileTokenStore, place: str) -> None:
    put(token_store, make_grant())
    if place == "":
        grant_file(state_dir).parent.rename(state_dir / "aside")
    owned = [state_dir, *state_dir.rglob("*")]
    if os.geteuid() == 0:
        for path in (state_dir.parent, *owned):
            os.chown(path, 65534, 65534)
        for parent in state_dir.parent.parents:
            if not parent.stat().st_mode & 0o001:  # the test's own temporary folders
                parent.chmod(parent.stat().st_mode | 0o011)
    (state_dir / place).chmod(0o500)

    ran = as_other_user(
        """
import filelock
from pathlib import Path
from contracts.token_store import make_grant
from paceport.clock import SystemClock
from paceport.errors import PaceportError
from paceport.oauth.token_store.file import FileTokenStore
""",
        """
token_store = FileTokenStore(Path(sys.argv[1]), clock=SystemClock())
try:
    with token_store.lock(make_grant().key):
        token_store.save(make_grant(), expect_generation=1)
except PaceportError as error:
    print(type(error).__name__, error)
""",
        state_dir,
    )
    if os.geteuid() == 0:
        for path in (state_dir.parent, *owned):
            if path.exists():
                os.chown(path, 0, 0)
    (state_dir / place).chmod(0o700)

    assert ran.stdout.startswith("StoreUnwritable"), ran.stderr
    assert "permission denied" in ran.stdout


def test_a_path_that_is_a_file_is_refused(state_dir: Path, token_store: FileTokenStore) -> None:
    state_dir.parent.mkdir()
    state_dir.write_text("")

    with pytest.raises(StoreError) as refused:
        put(token_store, make_grant())

    assert isinstance(refused.value, StoreUnsafe | StoreUnwritable)


def test_every_reader_sees_a_whole_record_while_it_is_replaced(token_store: FileTokenStore, state_dir: Path) -> None:
    grant = put(token_store, make_grant())
    code = """
from pathlib import Path
from contracts.token_store import make_grant
from paceport.clock import SystemClock
from paceport.oauth.token_store.file import FileTokenStore
token_store = FileTokenStore(Path(sys.argv[1]), clock=SystemClock())
last, seen = 0, 0
print("go", flush=True)
while last < 40:
    grant = token_store.read(make_grant().key)
    assert grant.generation >= last
    last, seen = grant.generation, seen + 1
print(seen)
"""
    reader = subprocess.Popen(
        [sys.executable, "-c", "import sys\n" + code, str(state_dir)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "go\n"
        for generation in range(1, 40):
            with token_store.lock(grant.key):
                token_store.save(
                    replace(grant, athlete_name="x" * (generation * 37 % 2000)), expect_generation=generation
                )

        assert int(reader.stdout.read()) >= 1
        assert reader.wait(30) == 0
