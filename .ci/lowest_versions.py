"""Prints the lowest version that each dependency of the package allows, as pip constraints: `name==version`.

With --tools it prints what tests need beside the package, as pip requirements.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

NEED = re.compile(r"(?P<name>[A-Za-z0-9_.-]+)(?:\[[^]]*\])?\s*>=\s*(?P<version>[^\s,;]+)")
# It asks for a newer click than the package does, and no test imports it.
NO_TEST_NEEDS = {"mutmut"}


def lowest(project: dict[str, object]) -> dict[str, str]:
    """The lower bound of each dependency, by name. The tools of `dev` are not the user's and keep theirs."""
    extras = project["optional-dependencies"]
    assert isinstance(extras, dict)
    needs = [*project["dependencies"], *(need for name, of in extras.items() if name != "dev" for need in of)]  # type: ignore[misc]
    return {found["name"]: found["version"] for need in needs if (found := NEED.match(need))}


def tools(project: dict[str, object]) -> list[str]:
    """The requirements of `dev` that tests need."""
    extras = project["optional-dependencies"]
    assert isinstance(extras, dict)
    return [need for need in extras["dev"] if re.split(r"[^A-Za-z0-9_.-]", need)[0] not in NO_TEST_NEEDS]


if __name__ == "__main__":
    told = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    if "--tools" in sys.argv:
        print(*(need for need in tools(told) if not need.startswith(f"{told['name']}[")), sep="\n")
    else:
        print(*(f"{name}=={version}" for name, version in sorted(lowest(told).items())), sep="\n")
