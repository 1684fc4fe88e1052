"""What one check found, and how findings are shown: to their owner in full, to the public without a name or a path."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from paceport.lazy_dataclass import dataclass

State = Literal["ok", "note", "bad", "skipped"]
Repair = Literal["", "permissions", "drafts", "journal", "identify", "init", "login"]

_MARKS = {"ok": "ok  ", "note": "note", "bad": "BAD ", "skipped": "-   "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check's outcome. `text` is for the owner; `public` may stand in a public report and names nobody.

    `fix` is what a person can do, `repair` the word for what `paceport fix` does about it.
    """

    check: str
    state: State
    text: str
    public: str = ""
    fix: str = ""
    repair: Repair = ""


def finding_line(finding: Finding) -> str:
    """The finding on one line, the fix on a second."""
    first = f"{_MARKS[finding.state]}  {finding.check}: {finding.text}"
    return f"{first}\n        To do: {finding.fix}" if finding.fix and finding.state != "ok" else first


def public_report(findings: Iterable[Finding], *, version: str) -> str:
    """A text for a public issue: the state of every check, and of its words only those that name nobody."""
    lines = [f"paceport {version}", ""]
    for finding in findings:
        told = f": {finding.public}" if finding.public else ""
        lines.append(f"- {_MARKS[finding.state].strip()} {finding.check}{told}")
    return "\n".join(lines)


def has_bad(findings: Iterable[Finding]) -> bool:
    """Whether something does not work."""
    return any(finding.state == "bad" for finding in findings)
