"""The proxy that the environment names, read as people write it: `#` in a password, `socks://`, no scheme."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from paceport.lazy_dataclass import dataclass
from paceport.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyAddress:
    """A proxy: the variable that names it, its scheme, host and port, and who may use it."""

    variable: str
    scheme: str
    place: str
    user: str
    password: Secret

    @property
    def url(self) -> str:
        """Its address without user and password."""
        return f"{self.scheme}://{self.place}"

    def __str__(self) -> str:
        return f"the proxy {self.place} ({self.variable})"


def find_proxy(scheme: str, named: Mapping[str, str]) -> ProxyAddress | None:
    """The proxy for a scheme out of what the environment (or the system's settings) names by scheme; None: none is.

    What is named for the scheme wins over what is named for all.
    """
    for key in (scheme, "all"):
        text = named.get(key, "").strip()
        if text:
            return read_proxy_address(text, variable=f"{key.upper()}_PROXY")
    return None


def read_proxy_address(text: str, *, variable: str) -> ProxyAddress:
    """An address as it stands in a variable. Never raises; whether it can be used shows when it is."""
    scheme, sign, rest = text.partition("://")
    if not sign:
        scheme, rest = "http", text
    # A password may hold what separates the parts of a URL, so the last @ decides.
    login, _, where = rest.rpartition("@")
    user, _, password = login.partition(":")
    scheme = {"socks": "socks5", "socks4": "socks5"}.get(scheme.lower(), scheme.lower())
    place = re.split(r"[/?#]", where, maxsplit=1)[0]
    return ProxyAddress(
        variable=variable, scheme=scheme, place=place, user=unquote(user), password=Secret(unquote(password))
    )
