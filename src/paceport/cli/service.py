"""`service`: many athletes over HTTP, the keys of the owner's own programs, and the webhook subscription."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from paceport.cli.ended_by_signals import ended_by_signals
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.table import KEY, Column
from paceport.errors import MissingExtra, UsageError

if TYPE_CHECKING:
    from paceport.service.options import ServiceOptions
    from paceport.storage.postgres.api_keys import ApiKey, ApiKeys

DEFAULT_PORT = 8000
_WAYS = "run, keys list, keys add NAME, keys remove NAME, subscribe or unsubscribe"


@click.command("service")
@click.argument("words", nargs=-1, metavar="[run|keys|subscribe|unsubscribe] …")
@click.option(
    "--base-url", metavar="URL", help="What browsers and Strava reach it at, such as https://runs.example.org."
)
@click.option("--bind", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Listen on this address.")
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help="0: any free one.")
@click.option("--capacity", type=click.IntRange(min=1), help="How many athletes your app may have at Strava.")
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="`keys add`: what the key may ask for.")
@click.option("--athlete", "athletes", type=click.IntRange(min=1), multiple=True, help="`keys add`: only for this one.")
@click.option("--json", "as_json", is_flag=True, help="`keys list` as JSON.")
@pass_invocation
def service_command(
    invocation: Invocation,
    *,
    words: tuple[str, ...],
    base_url: str | None,
    bind: str,
    port: int,
    capacity: int | None,
    scopes: tuple[str, ...],
    athletes: tuple[int, ...],
    as_json: bool,
) -> None:
    """Serve many athletes: they connect, see what is stored of them, and leave; Strava's events come in.

    `keys` are for your own programs, which ask it for tokens. `subscribe` lets Strava send events to it. It needs
    PostgreSQL and stays in the foreground until Ctrl-C; put a proxy with TLS in front of it.
    """
    match words:
        case () | ("run",):
            _run(invocation, base_url, capacity, bind, port)
        case ("keys",) | ("keys", "list"):
            _list_keys(invocation, as_json=as_json)
        case ("keys", "add", name):
            _add_key(invocation, name, scopes, athletes)
        case ("keys", "remove", name):
            _remove_key(invocation, name)
        case ("subscribe" | "unsubscribe" as word,):
            _change_subscription(invocation, word, base_url)
        case _:
            said = " ".join(words)
            raise UsageError(what=f"`service {said}` is not known", why=f"it knows {_WAYS}", fix="paceport service -h")


def _options(invocation: Invocation, base_url: str | None, capacity: int | None) -> ServiceOptions:
    from paceport.scopes import preset
    from paceport.service.options import ServiceOptions, check_base_url

    settings = invocation.settings().service
    given = base_url or settings.base_url
    if not given:
        raise UsageError(
            what="The service does not know its own address",
            why="Strava sends browsers and events to it, and nothing that a request says is believed",
            fix="paceport service --base-url https://…, or base_url under [service] in config.toml",
        )
    return ServiceOptions(
        base_url=check_base_url(given), capacity=capacity or settings.capacity, scopes=preset(settings.asks_for)
    )


def _run(invocation: Invocation, base_url: str | None, capacity: int | None, bind_to: str, port: int) -> None:
    _check_extra()
    from paceport.service.json_log import log_as_json
    from paceport.service.open_parts import open_parts
    from paceport.service.running import bind, serve

    options = _options(invocation, base_url, capacity)
    with open_parts(invocation.profile(), options, log=sys.stderr) as parts:
        listening = bind(bind_to, port)
        log_as_json(parts.log, parts.clock)
        with listening:
            address = f"http://{bind_to}:{listening.getsockname()[1]}"
            parts.service_rows.set_capacity(options.capacity)
            invocation.output.say(_serving_text(options, address, taken=parts.states.places_taken()))
            invocation.output.result(address)
            invocation.output.flush()
            try:
                with ended_by_signals():
                    serve(parts, listening, ready=lambda _: None)
            except KeyboardInterrupt:
                # It is how a service is ended, so it is no failure.
                invocation.output.say("No longer serving.")


def _serving_text(options: ServiceOptions, address: str, *, taken: int) -> str:
    # Without a proxy in front both addresses are the same.
    places = f"{options.base_url} at {address}" if options.base_url != address else address
    return f"Serving {places}; {max(0, options.capacity - taken)} of {options.capacity} places free."


def _check_extra() -> None:
    from importlib.util import find_spec

    if find_spec("starlette") is None or find_spec("uvicorn") is None or find_spec("jinja2") is None:
        raise MissingExtra(extra="service", needed_for="The service")


def _keys(invocation: Invocation) -> ApiKeys:
    from paceport.profile.open_token_store import open_shared_database
    from paceport.storage.postgres.api_keys import ApiKeys

    profile = invocation.profile()
    database = open_shared_database(profile.settings, profile.clock)
    invocation.resources.callback(database.close)
    return ApiKeys(database)


def _add_key(invocation: Invocation, name: str, scopes: tuple[str, ...], athletes: tuple[int, ...]) -> None:
    from paceport.scopes import parse_asked
    from paceport.service.keys import add_key

    asked, notes = parse_asked(scopes or ("activity:read_all",))
    for note in notes:
        invocation.output.say(note)
    key = add_key(_keys(invocation), name, scopes=asked, athletes=athletes or None, clock=invocation.clock)
    invocation.output.result(key.reveal())
    who = ", ".join(str(one) for one in athletes) if athletes else "every athlete"
    invocation.output.success(f"The key {name} may ask for {asked} of {who}. It is shown this once.")
    invocation.output.say("It is for programs of your own: Strava's policy (5.16) bars giving its API on to others.")


def _remove_key(invocation: Invocation, name: str) -> None:
    if not _keys(invocation).remove(name):
        raise UsageError(what="No such key", why=f"no key is called {name[:64]!r}", fix="paceport service keys list")
    invocation.output.success(f"The key {name} is worthless from now on.")


def _list_keys(invocation: Invocation, *, as_json: bool) -> None:
    found = _keys(invocation).list()
    if as_json:
        invocation.output.json([_key_as_json(key) for key in found])
        return
    if not found:
        invocation.output.say("There is no key. Next: paceport service keys add NAME")
        return
    columns = [
        Column(heading="Key", kind="prose", importance=KEY),
        Column(heading="May ask for", kind="prose", importance=8),
        Column(heading="Athletes", kind="word", importance=8),
        Column(heading="Made", kind="word", importance=5),
        Column(heading="Last used", kind="word", importance=6),
    ]
    rows = [
        [
            key.name,
            key.scopes.replace(",", ", "),
            "all" if key.athletes is None else str(len(key.athletes)),
            f"{key.made_at:%Y-%m-%d}",
            f"{key.used_at:%Y-%m-%d}" if key.used_at else "never",
        ]
        for key in found
    ]
    invocation.output.table(columns, rows)


def _key_as_json(key: ApiKey) -> dict[str, object]:
    return {
        "name": key.name,
        "scopes": key.scopes.split(","),
        "athletes": None if key.athletes is None else list(key.athletes),
        "made_at": key.made_at,
        "used_at": key.used_at,
    }


def _change_subscription(invocation: Invocation, word: str, base_url: str | None) -> None:
    _check_extra()
    from paceport.service.open_parts import open_parts
    from paceport.service.subscribing import subscribe, unsubscribe

    with open_parts(invocation.profile(), _options(invocation, base_url, None), log=sys.stderr) as parts:
        if word == "subscribe":
            number = subscribe(parts)
            invocation.output.success(f"Strava sends events to {parts.options.address('/webhook')} ({number}).")
        elif unsubscribe(parts):
            invocation.output.success("Strava sends no more events.")
        else:
            invocation.output.say("Strava sent no events; there is no subscription.")
