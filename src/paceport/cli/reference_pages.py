"""The pages drawn from the program itself: `python -m paceport.cli.reference_pages docs/reference`."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from paceport.api.endpoints import ENDPOINTS, Endpoint, EndpointStatus, Paging
from paceport.api.rate_limit.limit_class import LimitClass
from paceport.cli.commands import COMMANDS
from paceport.cli.help_page_writer import write_help_pages
from paceport.cli.main import paceport

_COMMANDS_HEAD = """# Commands

Generated from the program; do not edit. `make docs` writes this page.

Results go to stdout, messages go to stderr. What `--json` prints: [JSON](json.md). Exit codes: 0 done, 1 failed, 2
usage, 3 login needed, 4 scope missing, 5 app inactive, 6 rate limited, 7 network or Strava down, 8 store not safe or
not writable, 9 busy, 130 Ctrl-C. `exec` returns the child's code, 125 if it never started.
"""

_ENDPOINTS_HEAD = """# Endpoints

Every endpoint that Paceport knows, generated from the table that the client, the scope check, `paceport api` and the
tests read; do not edit. `make docs` writes this page. From Strava's documentation and public recordings, read
2026-11-22.

- **Scope**: the least a token must have; in brackets what shows more (private activities and zones, the whole profile).
- **Limit**: `read` counts in the overall and the read limit, `upload` in the overall one alone, `none` in neither.
- **Paging**: `page` goes by page number, `cursor` by the last row's cursor, `first` gives one page alone.
- **Parameters**: **bold** ones must be there.
"""


def commands_page() -> str:
    """docs/reference/commands.md."""
    root = click.Context(paceport, info_name="paceport", **paceport.context_settings)
    shared = {parameter.name for parameter in paceport.params if isinstance(parameter, click.Option)}
    lines = [_COMMANDS_HEAD, "## For every command", "", *_options(root, [*paceport.params])]
    for word in COMMANDS:
        command = paceport.get_command(root, word)
        if command is None:
            raise KeyError(word)
        context = click.Context(command, info_name=word, parent=root)
        lines += ["", f"## {word}", "", "```", _usage(command, context), "```", "", *_paragraphs(command)]
        own = [parameter for parameter in command.params if parameter.name not in shared]
        lines += _options(context, own)
    return "\n".join(lines).rstrip() + "\n"


def endpoints_page() -> str:
    """docs/reference/endpoints.md."""
    lines = [
        _ENDPOINTS_HEAD,
        "| endpoint | name | scope | limit | paging | body | parameters | answer | state |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *(_endpoint(endpoint) for endpoint in ENDPOINTS),
        "",
        "## Notes",
        "",
        *(f"- `{endpoint.name}`: {endpoint.note}" for endpoint in ENDPOINTS if endpoint.note),
    ]
    return "\n".join(lines) + "\n"


def _endpoint(endpoint: Endpoint) -> str:
    scope = f"`{endpoint.scope}`" if endpoint.scope else "none"
    wider = f" (`{endpoint.wider_scope}`)" if endpoint.wider_scope else ""
    words = [f"**{name}**" if name in endpoint.required else name for name in endpoint.params]
    answer = f"list of {endpoint.model}" if endpoint.is_list else endpoint.model or ""
    state = "" if endpoint.status is EndpointStatus.LIVE else f"{endpoint.status.value} {endpoint.removed_on}".strip()
    cells = [
        f"`{endpoint.method} {endpoint.path}`",
        f"`{endpoint.name}`",
        scope + wider,
        "none" if endpoint.limit is LimitClass.NONE else endpoint.limit.value,
        "" if endpoint.paging is Paging.NONE else endpoint.paging.value,
        endpoint.body,
        ", ".join(words),
        answer,
        state,
    ]
    return f"| {' | '.join(cells)} |"


def _usage(command: click.Command, context: click.Context) -> str:
    return f"paceport {context.info_name} {' '.join(command.collect_usage_pieces(context))}".rstrip()


def _paragraphs(command: click.Command) -> Iterator[str]:
    """The help text; what click was told not to wrap stands as code."""
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        lines = paragraph.split("\n")
        if lines[0] == "\b":
            yield from ("```", *(line.removeprefix("    ") for line in lines[1:]), "```")
        else:
            yield from (_escaped(line) for line in lines)
        yield ""


def _options(context: click.Context, parameters: list[click.Parameter]) -> list[str]:
    records = [record for parameter in parameters if (record := parameter.get_help_record(context)) is not None]
    if not records:
        return []
    rows = (f"| `{_in_cell(names)}` | {_in_cell(_escaped(' '.join(text.split())))} |" for names, text in records)
    return ["| option | |", "| --- | --- |", *rows]


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|")


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*")


def main(folder: Path) -> None:
    """Write both pages, and the help texts that the program prints without its commands."""
    (folder / "commands.md").write_text(commands_page(), encoding="utf-8")
    (folder / "endpoints.md").write_text(endpoints_page(), encoding="utf-8")
    write_help_pages()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
