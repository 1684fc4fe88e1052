"""The machine's own faults, met by the real transport: each is named for what it is."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from makers.company_certificate import CERTIFICATE, KEY
from paceport.api.protocol import retry_pause_s
from paceport.errors import AnswerLost, NetworkError, NotSent, UsageError
from paceport.http_message import Request, Response
from paceport.transport.http_transport import open_transport
from paceport.transport.presented_certificate import names_in

ELSEWHERE = Request(method="GET", url="https://strava.invalid/api/v3/athlete")
VARIABLES = (
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSLKEYLOGFILE"),
)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def ask(request: Request) -> Response:
    with open_transport() as send:
        return send(request, timeout_s=5.0)


def failure(request: Request) -> NetworkError:
    with pytest.raises(NetworkError) as caught:
        ask(request)
    return caught.value


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a server that gives each connection to `answer` and closes it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
                with connection:
                    answer(connection)
            except OSError:
                if listener.fileno() < 0:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def replying(raw: bytes) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.recv(4000)
        connection.sendall(raw)

    return answer


@contextmanager
def encrypted(folder: Path) -> Iterator[str]:
    """The address of a server whose certificate a company signed, and where its root lies: `folder`/root.pem."""
    (folder / "root.pem").write_text(CERTIFICATE)
    (folder / "key.pem").write_text(KEY)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "root.pem", folder / "key.pem")

    def answer(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inner:
            replying(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")(inner)

    with listening(answer) as port:
        yield f"https://localhost:{port}/"


def test_a_certificate_nobody_trusts_is_named_and_not_tried_again(tmp_path: Path) -> None:
    with encrypted(tmp_path) as url:
        error = failure(Request(method="GET", url=url))

    assert "certificate that came for localhost" in error.why
    assert "it is of Example Company Root (Example Company), who signed it themselves" in error.why
    assert "SSL_CERT_FILE" in error.fix
    assert retry_pause_s("GET", error, 1) is None


def test_a_certificate_of_another_host_is_named_and_no_root_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))

    with encrypted(tmp_path) as url:
        error = failure(Request(method="GET", url=url.replace("localhost", "127.1")))

    assert "Example Company Root" in error.why
    assert "SSL_CERT_FILE" not in error.fix


def test_a_certificate_that_a_proxys_network_puts_in_between_is_named_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with encrypted(tmp_path) as url:
        inside = int(url.rstrip("/").rpartition(":")[2])

        def tunnel(connection: socket.socket) -> None:
            connection.recv(4000)
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with socket.create_connection(("127.0.0.1", inside)) as onward:
                pump = threading.Thread(target=_copy, args=(onward, connection))
                pump.start()
                _copy(connection, onward)
                pump.join()

        with listening(tunnel) as port:
            monkeypatch.setenv("HTTPS_PROXY", f"http://user:pass@127.0.0.1:{port}")
            error = failure(ELSEWHERE)

    assert "signed" in error.why
    assert "Example Company Root" in error.why
    assert "HTTPS_PROXY" in error.why
    assert "pass" not in error.why


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize("cut", range(0, 400, 37))
def test_bytes_that_are_no_certificate_are_none(cut: int) -> None:
    der = ssl.PEM_cert_to_DER_cert(CERTIFICATE)

    with pytest.raises(ValueError, match=r"certificate|unpack|cut off"):
        names_in(der[:cut])


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_companys_own_root_is_trusted_where_a_variable_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "root.pem"))

    with encrypted(tmp_path) as url:
        assert ask(Request(method="GET", url=url)).status == 200


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificates_that_cannot_be_used_are_named_by_their_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    (tmp_path / "no.pem").write_text("nothing of the kind")
    monkeypatch.setenv(variable, str(tmp_path / "no.pem"))

    with pytest.raises(UsageError, match=variable):
        ask(ELSEWHERE)


def test_a_key_log_that_cannot_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "gone" / "keys.log"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))

    with encrypted(tmp_path) as url:
        assert ask(Request(method="GET", url=url)).status == 200


def test_a_name_that_is_not_known_is_a_matter_of_dns() -> None:
    error = failure(ELSEWHERE)

    assert isinstance(error, NotSent)
    assert "looked up" in error.why
    assert "DNS" in error.why


def test_a_port_where_nobody_listens_is_said_to_refuse() -> None:
    with listening(replying(b"")) as port:
        pass

    assert "refuses connections" in failure(Request(method="GET", url=f"http://127.0.0.1:{port}/")).why


def test_a_server_without_encryption_is_a_matter_of_tls() -> None:
    with listening(replying(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        assert "TLS" in failure(Request(method="GET", url=f"https://127.0.0.1:{port}/")).why


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n", NotSent),
        (b"HTTP/1.1 403 Forbidden\r\ncontent-length: 7\r\n\r\nblocked", NotSent),
        (b"", AnswerLost),
    ],
    ids=["407", "403", "closes"],
)
def test_a_proxy_that_refuses_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, reply: bytes, kind: type[NetworkError]
) -> None:
    with listening(replying(reply)) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:ge%heim#123@127.0.0.1:{port}")
        error = failure(ELSEWHERE)

    said = f"{error.what} {error.why} {error.fix}"
    assert type(error) is kind
    assert f"proxy 127.0.0.1:{port}" in said
    assert "heim" not in said


def test_a_refused_proxy_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(replying(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")

        assert retry_pause_s("GET", failure(ELSEWHERE), 1) is None


def test_a_socks_proxy_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "ftp://user:geheim123@127.0.0.1:1080/")

    with pytest.raises(UsageError, match=r"127\.0\.0\.1:1080") as caught:
        ask(ELSEWHERE)

    assert "geheim123" not in str(caught.value.why)


def test_this_machine_and_what_no_proxy_names_take_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        listening(replying(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")) as here,
        listening(replying(b"HTTP/1.1 502 No\r\ncontent-length: 0\r\n\r\n")) as proxy,
    ):
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy}")
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy}")
        assert ask(Request(method="GET", url=f"http://127.0.0.1:{here}/")).status == 200

        monkeypatch.setenv("NO_PROXY", "strava.invalid")
        assert "looked up" in failure(ELSEWHERE).why
