"""`api METHOD PATH`: any endpoint, with its scope known before the call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from paceport.api.client.client import Client
from paceport.api.endpoints import Endpoint, EndpointStatus, find_endpoint, missing_scope
from paceport.api.protocol import FilePart, build_request
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import json_line, json_text
from paceport.errors import FileError, UsageError
from paceport.http_message import Response
from paceport.text import clean

_METHODS = ("GET", "POST", "PUT", "DELETE")
_IN_QUERY = ("GET", "DELETE")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


@click.command("api")
@click.argument("method", metavar="[METHOD]")
@click.argument("path", required=False)
@click.option("-f", "--field", "fields", multiple=True, metavar="KEY=VALUE", help="A parameter; repeatable.")
@click.option(
    "-F", "--file", "files", multiple=True, metavar="KEY=@PATH", help="A file of a multipart body; repeatable."
)
@click.option("--all", "read_all", is_flag=True, help="Read all pages of a list.")
@click.option("--include", is_flag=True, help="Print status and headers too (on stderr).")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, but send nothing.")
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
    """Call any endpoint of the API and print its JSON answer.

    \b
        paceport api /athlete
        paceport api GET /athlete/activities -f after=1767225600 --all
        paceport api PUT /activities/123 -f name="Long run" -f commute=false
        paceport api POST /uploads -F file=@run.fit -f data_type=fit

    METHOD is GET (the default), POST, PUT or DELETE. Fields go into the query of a GET or DELETE and into the body of a
    POST or PUT: as JSON if the endpoint takes JSON. There true, false and null are values, and everything else is
    text. If a call needs the app's client id and secret, they are filled in.
    """
    method, path = _method_and_path(method, path)
    values, parts = _fields_and_files(method, fields, files)
    if dry_run:
        as_json = _body_is_json(find_endpoint(method, path), method)
        body = json_line(_typed(values)) if as_json else ""
        describe(invocation, method, path, {} if as_json else values, parts=parts, body=body)
        return
    with invocation.profile().client(no_wait=no_wait, say=invocation.output.say) as client:
        response = _call(invocation, client, method, path, values, parts, read_all=read_all)
    if include:
        invocation.output.say(f"HTTP {response.status}")
        for name, value in response.headers.items():
            invocation.output.say(f"{name}: {clean(value)}")
    show_answer(invocation, response)


def _call(
    invocation: Invocation,
    client: Client,
    method: str,
    path: str,
    values: Mapping[str, str],
    parts: Mapping[str, FilePart],
    *,
    read_all: bool,
) -> Response:
    endpoint = find_endpoint(method, path)
    if endpoint is not None and "client_secret" in endpoint.required:
        app = invocation.profile().app()
        values = {"client_id": app.client_id, "client_secret": app.client_secret.reveal(), **values}
    as_json = _body_is_json(endpoint, method)
    return client.request(
        method,
        path,
        query=values if method in _IN_QUERY else None,
        form=values if method not in _IN_QUERY and not as_json else None,
        json=_typed(values) if as_json else None,
        files=parts or None,
        paged=read_all,
    )


def show_answer(invocation: Invocation, response: Response) -> None:
    """Print an answer's JSON indented, and anything else as the text it is, without what a terminal would obey."""
    if not response.body:
        return
    try:
        value = json.loads(response.body)
    except ValueError:
        for line in response.text().splitlines():
            invocation.output.verbatim(clean(line))
        return
    invocation.output.verbatim(json_text(value))


def _method_and_path(method: str, path: str | None) -> tuple[str, str]:
    if path is None:
        # `paceport api /athlete` reads, as people expect of it.
        method, path = "GET", method
    if method.upper() not in _METHODS:
        raise UsageError(
            what=f"{method[:20]!r} is not a supported method",
            why=f"the methods are {', '.join(_METHODS)}",
            fix="paceport api GET /athlete",
        )
    return method.upper(), _sendable(path)


def _sendable(text: str) -> str:
    """The text, if it is one. What the terminal's language cannot read fits into no address and no body."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UsageError(
            what=f"{text[:60]!a} is not text",
            why="it holds bytes that are not in the terminal's encoding",
            fix="type it again, or set LANG to its encoding",
        ) from error
    return text


def _fields_and_files(
    method: str, fields: tuple[str, ...], files: tuple[str, ...]
) -> tuple[dict[str, str], dict[str, FilePart]]:
    """What -f and -F name. As with curl, -F without an @ is a field."""
    values: dict[str, str] = {}
    parts: dict[str, FilePart] = {}
    for option, text in [*(("-f", text) for text in fields), *(("-F", text) for text in files)]:
        name, value = _pair(text, option)
        if name in values or name in parts:
            raise UsageError(
                what=f"{name} is given twice",
                why="the second would replace the first",
                fix=f"leave one out; a list is written as -f {name}=one,two",
            )
        if option == "-F" and value.startswith("@"):
            parts[name] = _file(value)
        else:
            values[name] = _sendable(value)
    if parts and method in _IN_QUERY:
        raise UsageError(
            what=f"{method} sends no file", why="a file travels in the body of a POST or PUT", fix="paceport api POST …"
        )
    return values, parts


def _pair(text: str, option: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise UsageError(
            what=f"{option} {text[:60]!r} is not KEY=VALUE",
            why="it needs a name and a value",
            fix=f"{option} name=value",
        )
    return name, value


def _file(value: str) -> FilePart:
    path = Path(value.removeprefix("@"))
    try:
        return FilePart(name=path.name, content=path.read_bytes())
    except OSError as error:
        raise FileError(path=str(path), why=error.strerror or str(error), fix="-F file=@PATH") from error


def _body_is_json(endpoint: Endpoint | None, method: str) -> bool:
    return method not in _IN_QUERY and endpoint is not None and endpoint.body == "json"


def _typed(values: Mapping[str, str]) -> dict[str, object]:
    """The fields of a JSON body. A name that is a number stays text: no field of that body is a number."""
    return {name: _WORDS.get(value, value) for name, value in values.items()}


def describe(
    invocation: Invocation,
    method: str,
    path: str,
    values: Mapping[str, str],
    *,
    parts: Mapping[str, FilePart] | None = None,
    body: str = "",
) -> None:
    """What `--dry-run` says of a call: what would be sent, what it needs, and what the login lacks."""
    profile = invocation.profile()
    request = build_request(profile.settings.api_url, method, path, query=values if method in _IN_QUERY else None)
    endpoint = find_endpoint(method, path)
    missing = missing_scope(endpoint, profile.granted()) if endpoint is not None else None
    state = "live" if endpoint is None or endpoint.status is EndpointStatus.LIVE else endpoint.status.value
    invocation.output.facts(
        [
            ("Would send", f"{method} {request.url}"),
            ("Fields", ", ".join(f"{name}={value}" for name, value in values.items()) or "none"),
            *([("JSON body", body)] if body else []),
            (
                "Files",
                ", ".join(f"{part.name} ({len(part.content):,} bytes)" for part in (parts or {}).values()) or "none",
            ),
            ("Known as", endpoint.name if endpoint is not None else "an endpoint that is not in our table"),
            ("State", f"{state} {endpoint.removed_on}".strip() if endpoint is not None else "not known"),
            ("Needs", (endpoint.scope or "no scope") if endpoint is not None else "not known"),
            ("Lacking", missing or "nothing that is known"),
        ]
    )
