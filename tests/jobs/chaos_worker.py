"""A worker process of the proofs: the worker's own parts, with a clock that the test moves through a file.

python chaos_worker.py ADDRESS_OF_DATABASE PORT_OF_SANDBOX CLIENT_ID CLIENT_SECRET FILE_WITH_THE_OFFSET FILE_OF_JOBS
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import gettempdir

from jobs.chaos_notes import JobNotes
from makers.world_clock import FileClock
from paceport.jobs.queue import Queue, WorkerOptions
from paceport.jobs.service_work import ServiceWork
from paceport.oauth.token_store.base import App
from paceport.oauth.token_store.postgres import PostgresTokenStore
from paceport.profile.service_access import ServiceAccess
from paceport.profile.settings import Directories, Settings
from paceport.secret import Secret
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.sealing import Key, Sealer
from paceport.transport.http_transport import open_transport

KEY = Key(id="1", value=Secret("d" * 64))
HEARTBEAT_S, CONCURRENCY = 1.0, 3


def build(
    address: str, port: str, client_id: str, client_secret: str, offset: str, *, send: object
) -> tuple[ServiceWork, Queue, Database]:
    """The work of the service at that sandbox and database."""
    clock = FileClock(Path(offset))
    database = Database(Secret(address), clock=clock, connections=8)
    url = f"http://127.0.0.1:{port}"
    directories = Directories.from_environment({"PACEPORT_HOME": gettempdir()})
    access = ServiceAccess(
        token_store=PostgresTokenStore(database, Sealer(lambda: (KEY,)), clock=clock),
        app=App(oauth_url=url, client_id=client_id, client_secret=Secret(client_secret)),
        settings=Settings(directories=directories, oauth_url=url, api_url=f"{url}/api/v3", vault="postgres"),
        send=send,  # type: ignore[arg-type]  # a transport's
        clock=clock,
        warn=lambda text: None,
        goes_by_caller_clock=True,
    )
    queue = Queue(database)
    return ServiceWork(database=database, access=access, clock=clock, queue=queue), queue, database


def main() -> None:
    """Work until the process is killed or told to stop."""
    with open_transport() as send:
        work, queue, _ = build(*sys.argv[1:6], send=send)
        queue.run(
            JobNotes(work, Path(sys.argv[6])),
            WorkerOptions(concurrency=CONCURRENCY, heartbeat_s=HEARTBEAT_S, grace_s=20),
        )


if __name__ == "__main__":
    main()
