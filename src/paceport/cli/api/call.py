"""`api METHOD PATH`: any endpoint, with its scope known before the call."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from paceport.api.endpoints import find, missing_scope
from paceport.api.protocol import FilePart
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import json_text
from paceport.errors import FileError, UsageError
from paceport.fault import clean
from paceport.message import Response

_METHODS = ("GET", "POST", "PUT", "DELETE")


@click.command("api")
@click.argument("method", metavar="[METHOD]")
@click.argument("path", required=False)
@click.option("-f", "--field", "fields", multiple=True, metavar="KEY=VALUE", help="A parameter; repeatable.")
@click.option("-F", "--file", "files", multiple=True, metavar="KEY=@PATH", help="A file of a multipart body.")
@click.option("--all", "read_all", is_flag=True, help="Read a list to its end.")
@click.option("--include", is_flag=True, help="Print status and headers too (on stderr).")
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@click.option("--no-wait", is_flag=True, help="Exit 6 instead of waiting for the rate limit.")
@pass_invocation
def api_command(
    invocation: Invocation,
    *,
    method: str,
    path: str | None,
    fields: tuple[str, ...],
    files: tuple[str, ...],
    read_all: bool,
    include: bool,
    dry_run: bool,
    no_wait: bool,
) -> None:
    """Call any endpoint of the API and print the JSON it answers.

    \b
        paceport api GET /athlete
        paceport api GET /athlete/activities -f after=1767225600 --all
        paceport api PUT /activities/123 -f name="Long run"

    Fields go into the query of a GET or DELETE and into the body of the rest: as JSON where the endpoint wants JSON.
    """
    method, path = _method_and_path(method, path)
    values = dict(_pair(field, "-f") for field in fields)
    parts = {name: _file(value) for name, value in (_pair(entry, "-F") for entry in files)}
    profile = invocation.profile()
    if dry_run:
        _describe(invocation, method, path, values, parts)
        return
    endpoint = find(method, path)
    in_query = method in {"GET", "DELETE"}
    as_json = not in_query and endpoint is not None and endpoint.body == "json"
    with profile.client(no_wait=no_wait, say=invocation.output.say) as client:
        response = client.request(
            method,
            path,
            query=values if in_query else None,
            form=values if not in_query and not as_json else None,
            json={name: _typed(value) for name, value in values.items()} if as_json else None,
            files=parts or None,
            paged=read_all,
        )
    if include:
        invocation.output.say(f"HTTP {response.status}")
        for name, value in response.headers.items():
            invocation.output.say(f"{name}: {clean(value)}")
    show_answer(invocation, response)


def show_answer(invocation: Invocation, response: Response) -> None:
    """Print an answer's JSON indented, and anything else as the text it is, without what a terminal would obey."""
    if not response.body:
        return
    try:
        value = json.loads(response.body)
    except ValueError:
        for line in response.text().splitlines():
            invocation.output.result(clean(line))
        return
    invocation.output.result(json_text(value))


def _method_and_path(method: str, path: str | None) -> tuple[str, str]:
    if path is None:
        # `paceport api /athlete` reads, as people expect of it.
        method, path = "GET", method
    if method.upper() not in _METHODS:
        raise UsageError(
            what=f"{method[:20]!r} is not a method",
            why=f"there are {', '.join(_METHODS)}",
            fix="paceport api GET /athlete",
        )
    return method.upper(), path


def _pair(text: str, option: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise UsageError(
            what=f"{option} {text[:60]!r} is not KEY=VALUE",
            why="a name and a value belong together",
            fix=f"{option} name=value",
        )
    return name, value


def _file(value: str) -> FilePart:
    path = Path(value.removeprefix("@"))
    try:
        return FilePart(name=path.name, content=path.read_bytes())
    except OSError as error:
        raise FileError(path=str(path), why=error.strerror or str(error), fix="-F file=@PATH") from error


def _typed(value: str) -> object:
    """A field of a JSON body: true, false, null and numbers as such, all else as text."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def _describe(
    invocation: Invocation, method: str, path: str, values: dict[str, str], parts: dict[str, FilePart]
) -> None:
    endpoint = find(method, path)
    missing = missing_scope(endpoint, invocation.profile().granted()) if endpoint is not None else None
    lines: Iterable[tuple[str, str]] = [
        ("Would send", f"{method} {invocation.profile().settings.api_url}{path}"),
        ("Fields", ", ".join(f"{name}={value}" for name, value in values.items()) or "none"),
        ("Files", ", ".join(f"{part.name} ({len(part.content):,} bytes)" for part in parts.values()) or "none"),
        ("Known as", endpoint.name if endpoint is not None else "an endpoint that is not in our table"),
        ("Needs", (endpoint.scope or "no scope") if endpoint is not None else "not known"),
        ("Lacking", missing or "nothing"),
    ]
    invocation.output.facts(lines)
