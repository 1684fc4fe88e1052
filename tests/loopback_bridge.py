"""Carries connections from one machine's loopback to another's through a file: a socket in a folder both can see.

`python loopback_bridge.py PORT PATH` listens on 127.0.0.1:PORT of the network namespace that it runs in.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections.abc import Callable


def carry(listener: socket.socket, connect: Callable[[], socket.socket]) -> None:
    """Accept for ever, and join each connection with a new one."""
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            return
        try:
            far = connect()
        except OSError:
            near.close()
            continue
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def connect_unix(path: str) -> socket.socket:
    """A connection to the socket at a path."""
    far = socket.socket(socket.AF_UNIX)
    far.connect(path)
    return far


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while block := source.recv(65536):
            sink.sendall(block)
    for each in (source, sink):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    entrance = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128)
    carry(entrance, lambda: connect_unix(sys.argv[2]))
