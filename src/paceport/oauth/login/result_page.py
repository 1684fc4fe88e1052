"""The one page a person sees after the consent page: static, without script, showing nothing of the request."""

from __future__ import annotations

import base64
import hashlib
from typing import Literal

from paceport.look.style import base_style

ConsentResult = Literal["granted", "partly", "denied", "failed"]
CONSENT_RESULTS: tuple[ConsentResult, ...] = ("granted", "partly", "denied", "failed")

_STYLE = """
body{min-height:100vh;display:grid;place-items:center;padding:1.25rem;background:var(--card)}
main{width:100%;max-width:27rem;background:var(--paper);border:1px solid var(--rule);border-radius:1.25rem;
padding:2.25rem 1.75rem 1.5rem;text-align:center;box-shadow:0 1rem 3rem rgb(0 0 0/.08)}
svg{width:8.5rem;height:8.5rem;color:var(--accent);transform:rotate(-9deg)}
h1{font-size:1.75rem;line-height:1.2;margin:1.1rem 0 .5rem;letter-spacing:-.01em;text-wrap:balance}
p{margin:.6rem 0;text-wrap:pretty}
.soft{color:var(--soft);font-size:.9375rem}
code{font:.9375em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;
background:var(--card);border:1px solid var(--rule);
border-radius:.375rem;padding:.1em .4em;white-space:nowrap}
footer{margin-top:1.5rem;padding-top:1rem;border-top:1px dashed var(--rule);color:var(--soft);font-size:.8125rem}
.denied svg,.failed svg{color:var(--bad)}
"""

_MARKS = {
    "granted": '<path d="M38 52l15 15 29-32" stroke-width="7"/>',
    "partly": '<path d="M38 52l15 15 29-32" stroke-width="7" stroke-dasharray="38 11"/>',
    "denied": '<path d="M46 36l28 28M74 36L46 64" stroke-width="7"/>',
    "failed": '<path d="M46 36l28 28M74 36L46 64" stroke-width="7"/>',
}

_PAGE_TEXTS = {
    "granted": (
        "Permission given",
        "You can close this tab. Return to your terminal for the rest.",
        "It is getting your token now and will show the result.",
    ),
    "partly": (
        "Some permissions given",
        "You unticked at least one box. Your terminal says what that means.",
        "It also shows the command that adds what is missing. You can close this tab.",
    ),
    "denied": (
        "No permission given",
        "You chose Cancel, so nothing has changed on this machine.",
        "Changed your mind? Run <code>paceport login</code> again. You can close this tab.",
    ),
    "failed": (
        "Strava reported an error",
        "No permission was given, and nothing has changed on this machine.",
        "The terminal you came from shows the error. You can close this tab.",
    ),
}


def result_page(ending: ConsentResult) -> bytes:
    """The whole page for one way the consent page can end, as UTF-8 HTML."""
    title, first, second = _PAGE_TEXTS[ending]
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title} · Paceport</title>
<style>{_style()}</style>
</head>
<body class="{ending}">
<main>
<svg viewBox="0 0 120 120" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"
aria-hidden="true">
<circle cx="60" cy="60" r="55" stroke-width="3"/>
<circle cx="60" cy="60" r="48" stroke-width="1.5" stroke-dasharray="1 5"/>
<path d="M26 90c8-3 11-8 19-8s11 7 20 7 12-8 30-6" stroke-width="2.5" opacity=".5"/>
{_MARKS[ending]}
</svg>
<h1>{title}</h1>
<p>{first}</p>
<p class="soft">{second}</p>
<footer>Paceport, running on this machine</footer>
</main>
</body>
</html>
""".encode()


def content_policy() -> str:
    """The page's Content-Security-Policy: nothing but its own style, known by its hash."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _style() -> str:
    return base_style() + _STYLE
