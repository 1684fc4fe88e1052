"""Which certificates are trusted: those that the environment names, else the system's own."""

from __future__ import annotations

import logging
import os
import ssl
from collections.abc import Callable, Mapping

from paceport.errors import UsageError

# The names that OpenSSL, requests and curl go by. The first one that is set decides.
VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def trusted_certificates(environ: Mapping[str, str], *, system: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """What connections are checked against. `system` gives the system's own trust.

    Raises UsageError naming the variable whose file or folder cannot be used.
    """
    variable = next((name for name in VARIABLES if environ.get(name)), None)
    context = system() if variable is None else _named(variable, environ[variable])
    _log_keys(context, environ)
    return context


def _named(variable: str, path: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if os.path.isdir(path):  # noqa: PTH112  # False, not an error, where one may not look
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        raise UsageError(
            what=f"The certificates that {variable} names cannot be used",
            why=f"{path}: {reason}",
            fix=f"correct {variable} or unset it; without it the system's certificates are trusted",
        ) from error
    return context


def _log_keys(context: ssl.SSLContext, environ: Mapping[str, str]) -> None:
    # A debugging aid, often left over from Wireshark or a virus scanner: without it everything works as well.
    path = environ.get("SSLKEYLOGFILE")
    if not path:
        return
    try:
        context.keylog_filename = path
    except OSError as error:
        logging.getLogger("paceport").info("SSLKEYLOGFILE cannot be written: %s", error)
