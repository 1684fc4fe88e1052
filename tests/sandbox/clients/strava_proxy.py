"""A proxy on loopback behind which www.strava.com is the sandbox: foreign programs reach it unmodified.

A program that is told of the proxy and of its certificate (by environment variables, as in a company's network) asks
`https://www.strava.com/…` as ever; its bytes go to the sandbox, and nothing leaves this machine.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from makers.strava_certificate import CERTIFICATE, KEY

HOST = "www.strava.com"


@contextmanager
def strava_proxy(sandbox_port: int, folder: Path) -> Iterator[dict[str, str]]:
    """The environment variables that bring a program to the sandbox until the end of the block."""
    certificate, both = folder / "certificate.pem", folder / "certificate-and-key.pem"
    certificate.write_text(CERTIFICATE, encoding="ascii")
    both.write_text(CERTIFICATE + KEY, encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_accept, args=(listener, context, sandbox_port), daemon=True)
        thread.start()
        proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            yield {
                "HTTPS_PROXY": proxy,
                "https_proxy": proxy,
                "NO_PROXY": "127.0.0.1,localhost",
                "REQUESTS_CA_BUNDLE": str(certificate),
                "SSL_CERT_FILE": str(certificate),
                "NODE_EXTRA_CA_CERTS": str(certificate),
            }
        finally:
            # Closing alone would not wake the thread that waits in accept.
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=5)


def _accept(listener: socket.socket, context: ssl.SSLContext, sandbox_port: int) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_serve, args=(connection, context, sandbox_port), daemon=True).start()


def _serve(connection: socket.socket, context: ssl.SSLContext, sandbox_port: int) -> None:
    """One CONNECT: TLS towards the program, plain towards the sandbox."""
    with connection, suppress(OSError):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            part = connection.recv(1)
            if not part:
                return
            head += part
        if not head.startswith(f"CONNECT {HOST}:443 ".encode()):
            connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with (
            context.wrap_socket(connection, server_side=True) as program,
            socket.create_connection(("127.0.0.1", sandbox_port)) as sandbox,
        ):
            back = threading.Thread(target=_pass_on, args=(sandbox, program), daemon=True)
            back.start()
            _pass_on(program, sandbox)
            back.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
