"""The user's `config.toml`. What reads TOML is loaded only for a file that says something."""

from __future__ import annotations

from pathlib import Path

from paceport.profile.config_values import ConfigFile
from paceport.storage.private_files import read_plain


def read_config(path: Path) -> ConfigFile:
    """The settings file; a missing one says nothing. A byte order mark, as some editors write it, is no part of it.

    Raises StoreUnreadable for what is no TOML or no file, UsageError for a value or a name that cannot be.
    """
    content = read_plain(path)
    if content is None or _says_nothing(content):
        return ConfigFile()
    from paceport.profile.config_table import parse_config

    return parse_config(content, path)


def _says_nothing(content: bytes) -> bool:
    """Whether there are only blank lines and comments that TOML surely takes, as in the file that `init` writes."""
    try:
        lines = content.decode().split("\n")
    except UnicodeDecodeError:
        return False
    plain = (line.removesuffix("\r").replace("\t", " ").strip(" ") for line in lines)
    return all(not line or (line.startswith("#") and line.isprintable()) for line in plain)
