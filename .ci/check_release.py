"""Refuses a tag whose commit is not ready to be released under it. Usage: check_release.py TAG; `release.yml` calls it.

A version on the package index cannot be replaced: what is wrong there stays wrong, so each thing is looked at before.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

NEWEST = re.compile(r"^## \[(?P<version>[^]]+)\](?: - (?P<date>\S+))?\s*$", re.MULTILINE)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def faults(tag: str, root: Path) -> list[str]:
    """What keeps the files under `root` from being released as `tag`, a line each."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    newest = NEWEST.search((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    install = (root / "src" / "paceport" / "install.py").read_text(encoding="utf-8")
    version, found = project["version"], []
    if tag != f"v{version}":
        found.append(f"the tag is {tag}, and pyproject.toml says {version}: tag it v{version}, or change the version")
    if newest is None or newest["version"] != version:
        told = newest["version"] if newest else "nothing"
        found.append(f"the first part of CHANGELOG.md is about {told}, not about {version}")
    elif DATE.fullmatch(newest["date"] or "") is None:
        found.append(f"CHANGELOG.md gives {version} no date, but {newest['date']!r}: write YYYY-MM-DD")
    if re.search(r"^IS_RELEASED = True$", install, re.MULTILINE) is None:
        found.append("IS_RELEASED in src/paceport/install.py is not True: texts would still send people to a clone")
    if not project.get("urls"):
        found.append("pyproject.toml has no [project.urls]: the page on the package index would lead nowhere")
    if "<this repository>" in (root / "README.md").read_text(encoding="utf-8"):
        found.append("README.md says <this repository>: readers of the package index need its address")
    return found


def main(tag: str) -> int:
    """0 where the tag may be released; else each fault on stderr."""
    found = faults(tag, Path(__file__).resolve().parent.parent)
    for line in found:
        print(f"{tag} cannot be released: {line}", file=sys.stderr)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
