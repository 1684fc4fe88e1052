"""A browser that is a script, for commands that run as their own process: `visitor.py URL`."""

import sys

from paceport.cli.demo import ScriptedBrowser
from paceport.transport.http_transport import open_transport


def main() -> None:
    """Open the consent page, agree to all of it, look at the page after it."""
    with open_transport() as send:
        visitor = ScriptedBrowser(send=send)
        visitor(sys.argv[1])
        visitor.join()


if __name__ == "__main__":
    main()
