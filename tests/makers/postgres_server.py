"""A real PostgreSQL for tests: from the wheel `pgserver`, else Debian's, else the one PACEPORT_TEST_DATABASE_URL names.

It writes to no disk for sure (`fsync = off`), which is safe while the machine lives: tests kill the server, not Linux.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from psycopg import conninfo

_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "400",
    "shared_buffers": "32MB",
    "max_wal_size": "128MB",
    "restart_after_crash": "off",
}
_START_S = 20.0
# A user of this name is asked for a password, everybody else is let in.
WITH_PASSWORD = "with_password"


def find_programs() -> Path | None:
    """The folder with `initdb` and `postgres`, or None where no PostgreSQL is installed."""
    found: list[Path] = []
    wheel = importlib.util.find_spec("pgserver")
    if wheel is not None and wheel.origin is not None:
        found.append(Path(wheel.origin).parent / "pginstall" / "bin")
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    found += sorted(debian, key=lambda path: float(path.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    found += [Path(on_path).resolve().parent] if on_path else []
    return next((path for path in found if _can_run(path / "initdb")), None)


@dataclass(slots=True)
class PostgresServer:
    """One server in a folder of its own. PostgreSQL refuses to run as root, so as root it runs as `nobody`."""

    programs: Path
    folder: Path
    listen: str = "127.0.0.1"
    port: int = field(default_factory=lambda: _free_port())
    _process: subprocess.Popen[bytes] | None = None

    def create(self) -> None:
        """Make the database files."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(self.folder, *_user())
        words = ("-D", str(self.folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        self._run("initdb", *words)
        rules = self.folder / "data" / "pg_hba.conf"
        rules.write_text(f"host all {WITH_PASSWORD} 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        place = ["-c", f"listen_addresses={self.listen}", "-p", str(self.port), "-k", str(self.folder)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.folder / "data"), *place, *options],
                stdout=log,
                stderr=log,
                cwd="/",
                **_as_user(),
            )
        deadline_s = time.monotonic() + _START_S
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline_s:
                    raise
                time.sleep(0.02)
            else:
                return

    def kill(self) -> None:
        """End it and all of its processes as a power cut would."""
        assert self._process is not None
        self._signal(signal.SIGKILL)
        self._process.wait()
        # What a killed postmaster leaves behind keeps the next one from starting until its children are gone.
        time.sleep(0.1)

    def hang(self) -> None:
        """Let it say nothing any more: connections stay, and new ones are taken by the kernel alone."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on after `hang`."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        """Send it to the server and all of its processes: to the first one first, so that it starts no other."""
        assert self._process is not None
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children")
        before = children.read_text().split()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        for child in {*before, *children.read_text().split()}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), number)

    def stop(self) -> None:
        """End it at once, without waiting for its clients."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@{self.listen}:{self.port}/{database}"

    def _run(self, program: str, *words: str) -> None:
        subprocess.run([str(self.programs / program), *words], check=True, capture_output=True, cwd="/", **_as_user())


@contextmanager
def running_server(programs: Path) -> Iterator[PostgresServer]:
    """A server until the end of the block, with its files below the system's temporary folder.

    Not below a test's own: a socket's path must be short, and the server's user must be let in.
    """
    with TemporaryDirectory(prefix="pg") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = PostgresServer(programs, folder / "server")
        server.create()
        try:
            server.start()
            yield server
        finally:
            server.stop()


def create_database(server_url: str, name: str, *, template: str = "template0") -> None:
    """A new database on a server."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())


def drop_database(server_url: str, name: str) -> None:
    """Remove a database, whoever is connected to it."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def with_database(url: str, name: str) -> str:
    """The same address, with another database."""
    return conninfo.make_conninfo(url, dbname=name)


def empty_tables(url: str) -> None:
    """Remove every row that is not a migration's own note."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'paceport'").fetchall()
        statements = [f"DELETE FROM paceport.{name};" for (name,) in found if name != "migration"]
        queue = connection.execute("SELECT to_regclass('paceport_queue.procrastinate_jobs') IS NOT NULL").fetchone()
        if queue is not None and queue[0]:
            names = ("periodic_defers", "jobs", "workers")
            # Triggers of the queue name its tables without their schema.
            connection.execute("SET search_path TO paceport_queue")
            statements += [f"DELETE FROM paceport_queue.procrastinate_{name};" for name in names]
        connection.execute(" ".join(statements).encode())


def _can_run(program: Path) -> bool:
    if not program.exists():
        return False
    try:
        ended = subprocess.run([str(program), "--version"], capture_output=True, cwd="/", timeout=10, **_as_user())
    except (OSError, subprocess.SubprocessError):
        return False
    return ended.returncode == 0


def _user() -> tuple[int, int]:
    return 65534, 65534


def _as_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    user, group = _user()
    return {"user": user, "group": group, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
