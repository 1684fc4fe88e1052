"""A keyring that several processes share, as a desktop's service is shared: one file an item, replaced whole."""

import hashlib
import os
import tempfile
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class FolderKeyring(KeyringBackend):
    """Items as files of a folder. It stands for the system's service and keeps nothing secret."""

    priority = 5

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def get_password(self, service: str, username: str) -> str | None:
        try:
            return self._path(service, username).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def set_password(self, service: str, username: str, password: str) -> None:
        file, name = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(file, "w", encoding="utf-8") as item:
            item.write(password)
        Path(name).replace(self._path(service, username))

    def delete_password(self, service: str, username: str) -> None:
        try:
            self._path(service, username).unlink()
        except FileNotFoundError as error:
            raise PasswordDeleteError("not found") from error

    def _path(self, service: str, username: str) -> Path:
        return self._folder / hashlib.sha256(f"{service}\n{username}".encode()).hexdigest()
