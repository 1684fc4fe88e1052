"""Prints the lowest version that each dependency of the package allows, as pip constraints: `name==version`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

NEED = re.compile(r"(?P<name>[A-Za-z0-9_.-]+)(?:\[[^]]*\])?\s*>=\s*(?P<version>[^\s,;]+)")


def lowest(project: dict[str, object]) -> dict[str, str]:
    """The lower bound of each dependency, by name. The tools of `dev` are not the user's and keep theirs."""
    extras = project["optional-dependencies"]
    assert isinstance(extras, dict)
    needs = [*project["dependencies"], *(need for name, of in extras.items() if name != "dev" for need in of)]  # type: ignore[misc]
    return {found["name"]: found["version"] for need in needs if (found := NEED.match(need))}


if __name__ == "__main__":
    told = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, version in sorted(lowest(told).items()):
        print(f"{name}=={version}")
