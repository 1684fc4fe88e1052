"""A page on disk, readable by this user alone, that forwards a browser to the consent page."""

from __future__ import annotations

import html
import secrets
from pathlib import Path

from paceport.storage.private_files import make_private_folder, replace_private


def write_forwarding_page(folder: Path, url: str) -> Path:
    """Write the page and give its path; whoever asked for it removes it. Raises StoreErrors."""
    make_private_folder(folder)
    path = folder / f"consent-{secrets.token_hex(8)}.html"
    # It lives for one login: nothing is lost if the machine goes down before it has reached the disk.
    replace_private(path, forwarding_page(url), durable=False)
    return path


def forwarding_page(url: str) -> bytes:
    """The whole page, as UTF-8 HTML without script."""
    shown = html.escape(url, quote=True)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={shown}">
<title>Opening the page</title>
</head>
<body>
<p>Opening the page. If nothing happens, <a href="{shown}">continue here</a>.</p>
</body>
</html>
""".encode()
