"""A PostgreSQL of a benchmark's own, as the tests have one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres_for_benchmark() -> Iterator[str | None]:
    """The address of an empty database, gone at the end of the block; None where no PostgreSQL is installed."""
    sys.path.append(str(Path(__file__).parent.parent / "tests"))
    from makers.postgres_server import create_database, find_programs, running_server

    programs = find_programs()
    if programs is None:
        print("no PostgreSQL is installed: nothing was measured")
        yield None
        return
    with running_server(programs) as server:
        create_database(server.url("postgres"), "bench")
        yield server.url("bench")
