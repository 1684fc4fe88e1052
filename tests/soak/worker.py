"""The work of a service's athletes until nothing is left now, as `paceport worker --until-empty` does it.

The command counts an app's requests by the database's clock, which nobody can move; here the month's own clock counts.

    python -m soak.worker ADDRESS_OF_DATABASE PORT_OF_SANDBOX CLIENT_ID CLIENT_SECRET CLOCK_FILE
"""

from __future__ import annotations

import sys

from jobs.chaos_worker import HEARTBEAT_S, build
from paceport.jobs.queue import WorkerOptions
from paceport.transport.http_transport import open_transport


def main() -> None:
    """Work until nothing is left to do now."""
    with open_transport() as send:
        work, queue, database = build(*sys.argv[1:6], send=send)
        queue.run(work, WorkerOptions(concurrency=2, is_until_empty=True, heartbeat_s=HEARTBEAT_S))
        queue.close()
        database.close()


if __name__ == "__main__":
    main()
