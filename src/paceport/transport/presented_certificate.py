"""Whose certificate a server shows: looked at after it was refused, so that a person learns who stands in between."""

from __future__ import annotations

import base64
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from paceport.lazy_dataclass import dataclass
from paceport.text import clean
from paceport.transport.proxy_address import ProxyAddress

_PATIENCE_S = 5.0
_LONGEST_NAME = 100
_LONGEST_HEAD = 16 * 1024
# The parts of a name that people read, by their ASN.1 number: common name, organisation, unit.
_NAME_PARTS = (b"\x55\x04\x03", b"\x55\x04\x0a", b"\x55\x04\x0b")
_SET, _VERSION, _UTF16_TEXT = 0x31, 0xA0, 0x1E


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateNames:
    """Who a certificate was made for, and who signed it, as it says itself."""

    subject: str
    issuer: str

    def __str__(self) -> str:
        if self.subject == self.issuer:
            return f"it is of {self.subject}, who signed it themselves"
        return f"it is of {self.subject}, signed by {self.issuer}"


def presented_certificate(host: str, proxy: ProxyAddress | None) -> CertificateNames | None:
    """The names in the certificate that `host` (with or without a port) shows now; None where it cannot be had.

    Nothing but the greeting of TLS is sent.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        where = urlsplit(f"//{host}")
        name, port = where.hostname or "", where.port or 443
        with _connection(name, port, proxy) as plain, context.wrap_socket(plain, server_hostname=name) as encrypted:
            der = encrypted.getpeercert(binary_form=True)
        return names_in(der) if der else None
    except (OSError, ValueError):
        return None


def _connection(name: str, port: int, proxy: ProxyAddress | None) -> socket.socket:
    """A connection to the server, through the proxy if there is one. Raises OSError and ValueError."""
    if proxy is None:
        return socket.create_connection((name, port), timeout=_PATIENCE_S)
    if proxy.scheme != "http":
        raise ValueError("only plain proxies are asked")
    by = urlsplit(proxy.url)
    connection = socket.create_connection((by.hostname or "", by.port or 80), timeout=_PATIENCE_S)
    try:
        where = f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
        connection.sendall(f"CONNECT {where} HTTP/1.1\r\nHost: {where}\r\n{_login(proxy)}\r\n".encode())
        said = b""
        # Byte by byte: what follows the empty line belongs to TLS.
        while not said.endswith(b"\r\n\r\n") and len(said) < _LONGEST_HEAD:
            part = connection.recv(1)
            if not part:
                break
            said += part
        if b" 200" not in said.partition(b"\r\n")[0]:
            raise ValueError("the proxy refuses")
    except BaseException:
        connection.close()
        raise
    return connection


def names_in(der: bytes) -> CertificateNames:
    """The names in a certificate (X.509, DER). Raises ValueError for bytes that are none."""
    try:
        [(_, certificate)] = _parts(der)
        _, signed = next(_parts(certificate))
        fields = [part for part in _parts(signed) if part[0] != _VERSION]
        # Serial number, signature algorithm, issuer, validity, subject.
        return CertificateNames(issuer=_name(fields[2][1]), subject=_name(fields[4][1]))
    except (IndexError, StopIteration) as error:
        raise ValueError("no certificate") from error


def _login(proxy: ProxyAddress) -> str:
    if not (proxy.user or proxy.password):
        return ""
    login = base64.b64encode(f"{proxy.user}:{proxy.password.reveal()}".encode()).decode()
    return f"Proxy-Authorization: Basic {login}\r\n"


def _parts(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each element, one after the other."""
    at = 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length & 0x80:
            digits = length & 0x7F
            length, at = int.from_bytes(der[at : at + digits], "big"), at + digits
        if at + length > len(der):
            raise ValueError("an element that is cut off")
        yield tag, der[at : at + length]
        at += length


def _name(der: bytes) -> str:
    found: dict[bytes, str] = {}
    for tag, entry in _parts(der):
        if tag != _SET:
            continue
        for _, pair in _parts(entry):
            (_, number), (kind, text) = list(_parts(pair))[:2]
            found.setdefault(number, text.decode("utf-16-be" if kind == _UTF16_TEXT else "utf-8", "replace"))
    parts = [clean(found[number])[:_LONGEST_NAME] for number in _NAME_PARTS if number in found]
    parts = [part for part in parts if part.strip()]
    if not parts:
        return "nobody named"
    return parts[0] if len(parts) == 1 else f"{parts[0]} ({', '.join(parts[1:])})"
