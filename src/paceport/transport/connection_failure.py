"""Why a connection failed, from the system's exceptions, with what to do about it."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

from paceport.errors import NotSent
from paceport.secret import mask_secrets
from paceport.text import clean
from paceport.transport.presented_certificate import presented_certificate
from paceport.transport.proxy_address import ProxyAddress

_LONGEST_TEXT = 200
_DATES = {9: "it is not valid yet", 10: "it has expired"}  # OpenSSL's numbers of these two
_OF_ANOTHER_HOST = frozenset({62, 63, 64})
_TRUST = (
    "a company's network or a virus scanner may put its own certificate in between: add its root certificate to this "
    "system's trusted ones, or name it as a PEM file: SSL_CERT_FILE=/path/to/root.pem"
)
_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})


def connection_failure(error: Exception, *, host: str, proxy: ProxyAddress | None) -> NotSent:
    """The error for a request that surely never reached its server. `proxy` is the one that it went through."""
    peer = str(proxy) if proxy is not None else host
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _untrusted(cause, host, proxy)
        named = _named(cause, peer)
        if named is not None:
            why, fix = named
            return NotSent(host=host, why=why, fix=f"{fix}; nothing was sent")
    return NotSent(host=host, why=f"{error_text(error)}{via(proxy)}")


def error_text(error: Exception) -> str:
    """What an exception of the HTTP library says, fit to be shown: it may quote whatever a peer sent, a secret too."""
    return clean(mask_secrets(str(error).strip()))[:_LONGEST_TEXT] or type(error).__name__


def proxy_refusal(error: Exception, *, host: str, proxy: ProxyAddress | None) -> NotSent:
    """The error for a proxy that answered and refuses to connect."""
    who = str(proxy) if proxy is not None else "the proxy"
    said = error_text(error)
    if said.startswith("407"):
        variable = proxy.variable if proxy is not None else "HTTPS_PROXY"
        fix = f"put user and password into {variable}=http://USER:PASSWORD@HOST:PORT"
    else:
        fix = "ask the proxy's administrator to allow this host, or use another network"
    return NotSent(host=host, why=f"{who} refuses the connection: {said}", fix=fix, is_lasting=True)


def via(proxy: ProxyAddress | None) -> str:
    """Words to end a reason with where the request went through a proxy."""
    return f"; it went through {proxy}" if proxy is not None else ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _named(cause: BaseException, peer: str) -> tuple[str, str] | None:
    if isinstance(cause, socket.gaierror):
        why = f"the name of {peer} could not be looked up: {cause.strerror or 'no answer'} (DNS)"
        return why, "check the network and its DNS, then repeat"
    if isinstance(cause, ConnectionRefusedError):
        return (
            f"{peer} refuses connections: no program is listening there, or a firewall blocks it",
            "check the address",
        )
    if isinstance(cause, OSError) and cause.errno in _NO_ROUTE:
        return f"there is no way to {peer}: {cause.strerror}", "check whether this machine is online, then repeat"
    if isinstance(cause, TimeoutError):
        why = f"{peer} did not answer in time: it is down, or a firewall blocks the connection"
        return why, "check the network, then repeat"
    if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLCertVerificationError):
        reason = (cause.reason or str(cause)).replace("_", " ").lower()
        return (
            f"no encrypted connection to {peer} could be made (TLS: {reason})",
            "check the address, and any proxy or firewall on the way",
        )
    return None


def _untrusted(error: ssl.SSLCertVerificationError, host: str, proxy: ProxyAddress | None) -> NotSent:
    code = error.verify_code
    said = _DATES.get(code) or error.verify_message or "it was not signed by anyone this system trusts"
    names = presented_certificate(host, proxy)
    whose = f"; {names}" if names is not None else ""
    why = f"the certificate that came for {host} is not trusted: {said.rstrip('.')}{whose}{via(proxy)}"
    if code in _DATES:
        fix = "check this machine's clock and date; if they are right, the certificate is wrong"
    elif code in _OF_ANOTHER_HOST:
        fix = "check the address; a network that requires a sign-in answers like this: open any page in a browser"
    else:
        fix = _TRUST
    return NotSent(host=host, why=why, fix=fix, is_lasting=True)
