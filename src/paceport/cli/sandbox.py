"""`sandbox`: the simulated Strava in the foreground, and the lines that point any tool at it."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from paceport.cli.ended_by_signals import ended_by_signals
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.errors import MissingExtra, UsageError
from paceport.storage.access import absolute

if TYPE_CHECKING:
    from paceport.sandbox.http.server import Address
    from paceport.sandbox.state.world import World

DEFAULT_PORT = 8642
DEFAULT_SEED = 1
MOST_ATHLETES = 10_000  # each is made when first asked for


@click.command("sandbox")
@click.option(
    "--seed", type=int, default=DEFAULT_SEED, show_default=True, help="The same seed gives the same athletes."
)
@click.option(
    "--athletes", type=click.IntRange(1, MOST_ATHLETES), default=3, show_default=True, help="The number of athletes."
)
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help="0: any free one.")
@click.option("--faults", "faults", multiple=True, metavar="KIND[:PATH[:TIMES]]", help="Plan a fault; repeatable.")
@click.option("--print-env", is_flag=True, help="Print the lines for this port and seed, and exit.")
@click.option(
    "--export",
    "export",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write an athlete's bulk export (a ZIP, as Strava mails it), and exit.",
)
@click.option(
    "--connect",
    "service_url",
    metavar="URL",
    help="Let all athletes of the sandbox that runs connect to the service there, and exit.",
)
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Language of the export: de, fr, …")
@click.option(
    "--athlete",
    type=click.IntRange(1, MOST_ATHLETES),
    default=1,
    show_default=True,
    help="Which athlete to export: 1 is the first.",
)
@pass_invocation
def sandbox_command(  # click hands over one argument for each option
    invocation: Invocation,
    *,
    seed: int,
    athletes: int,
    port: int,
    faults: tuple[str, ...],
    print_env: bool,
    export: Path | None,
    service_url: str | None,
    language: str,
    athlete: int,
) -> None:
    """Serve a simulated Strava on this machine, until Ctrl-C.

    It first prints shell lines that point other tools at it. In another terminal:

    \b
        eval "$(paceport sandbox --print-env)"
        paceport login

    With --export it serves nothing. It writes what Strava mails an athlete who asks for all their data:

    \b
        paceport sandbox --export my-export.zip
        paceport import my-export.zip
    """
    if export is not None:
        _write_export(invocation, export, seed=seed, athlete=athlete, language=language)
        return
    if service_url is not None:
        from paceport.cli.sandbox_visitors import connect_all

        connect_all(invocation, service_url)
        return
    if print_env:
        _print_lines(invocation, sandbox_variables(invocation.environ, port=port or DEFAULT_PORT, seed=seed))
        return
    _serve_until_interrupted(invocation, _planned_world(seed=seed, athletes=athletes, faults=faults), port=port)


def _serve_until_interrupted(invocation: Invocation, world: World, *, port: int) -> None:
    bound = _serve(invocation, world, port=port)
    variables = sandbox_variables(invocation.environ, port=bound.port, seed=world.seed)
    _forget_old_world(Path(variables["PACEPORT_HOME"]))
    try:
        with ended_by_signals():
            _print_lines(invocation, variables)
            invocation.output.say(
                f"\nThe simulated Strava listens at {bound.url} (Ctrl-C ends it). In another terminal:"
            )
            invocation.output.say(
                '  eval "$(paceport sandbox --print-env)"' if port == DEFAULT_PORT else "  paste the lines above"
            )
            invocation.output.say("  paceport login")
            while True:
                invocation.clock.sleep(3600)
    except KeyboardInterrupt:
        # It is how a server is ended, so it is no failure.
        invocation.output.say("\nThe simulated Strava has ended. Each start is a new world without earlier logins.")


def _write_export(invocation: Invocation, path: Path, *, seed: int, athlete: int, language: str) -> None:
    try:
        from paceport.sandbox.athletes.population_generator import populate
        from paceport.sandbox.bulk_export.archive import write_export
        from paceport.sandbox.bulk_export.language_words import read_languages
    except ImportError as error:
        raise MissingExtra(extra="sandbox", needed_for="The simulated Strava") from error
    known = read_languages()
    if language not in known:
        raise UsageError(
            what=f"--language {language} is not known",
            why="no export in that language is known; the languages are " + ", ".join(known),
            fix=f"paceport sandbox --export {shlex.quote(str(path))} --language en",
        )
    population = populate(seed, athletes=athlete)
    person = population.people[athlete - 1]
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            count = write_export(file, person, population.activities(person.id), language)
        draft.replace(path)
    except OSError as error:
        raise UsageError(
            what=f"{path} cannot be written", why=error.strerror or str(error), fix="name a file in a folder of yours"
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    name = f"{person.firstname} {person.lastname}"
    invocation.output.say(
        f"{path} holds {count:,} activities of {name}. Next: paceport import {shlex.quote(str(path))}"
    )


def _planned_world(*, seed: int, athletes: int, faults: tuple[str, ...]) -> World:
    try:
        from paceport.sandbox.athletes.population_generator import populate
        from paceport.sandbox.state.planned_faults import InvalidFault
        from paceport.sandbox.state.world import World
    except ImportError as error:
        raise MissingExtra(extra="sandbox", needed_for="The simulated Strava") from error
    world = World(populate(seed, athletes=athletes))
    for text in faults:
        kind, path, times = _planned(text)
        try:
            world.plan(kind, path=path, times=times)  # type: ignore[arg-type]  # the world itself refuses unknown kinds
        except InvalidFault as error:
            raise UsageError(
                what=f"--faults {text} cannot be planned", why=str(error), fix="--faults html:/api/v3:2"
            ) from error
    return world


def _serve(invocation: Invocation, world: World, *, port: int) -> Address:
    from paceport.sandbox.http.server import serve

    try:
        return invocation.resources.enter_context(serve(world, port=port))
    except OSError as error:
        raise UsageError(
            what=f"Port {port} cannot be used",
            why=f"{error.strerror or error}; perhaps a sandbox is running already",
            fix="paceport sandbox --port 0",
        ) from error


def sandbox_variables(environ: Mapping[str, str], *, port: int, seed: int) -> dict[str, str]:
    """The variables that point any tool at the sandbox of that port and seed, a home of its own included.

    STRAVA_ACCESS_TOKEN is emptied, so that a real token of the shell is not sent to the sandbox.
    """
    try:
        from paceport.sandbox.state.world import first_app
    except ImportError as error:
        raise MissingExtra(extra="sandbox", needed_for="The simulated Strava") from error
    app = first_app(seed)
    url = f"http://127.0.0.1:{port}"
    return {
        "PACEPORT_OAUTH_URL": url,
        "PACEPORT_API_URL": f"{url}/api/v3",
        "PACEPORT_HOME": str(_home(environ, port)),
        "STRAVA_CLIENT_ID": str(app.client_id),
        "STRAVA_CLIENT_SECRET": app.client_secret,
        "STRAVA_ACCESS_TOKEN": "",
    }


def _home(environ: Mapping[str, str], port: int) -> Path:
    name = f"sandbox-{port}"
    given = environ.get("PACEPORT_HOME")
    if given:
        # A shell that the lines were already given to must get the same lines again.
        home = absolute(Path(given))
        return (home.parent if home.name.startswith("sandbox-") else home) / name
    import platformdirs

    try:
        return platformdirs.user_cache_path("paceport", appauthor=False) / name
    except RuntimeError:
        # No HOME, as in a container. A folder there that is another user's is refused when it is used.
        user = getattr(os, "getuid", lambda: 0)()
        return Path(tempfile.gettempdir()) / f"paceport-{user}" / name


def _forget_old_world(home: Path) -> None:
    """A new world knows nothing of an earlier one: not its logins, its app, its clock, nor what was asked of it."""
    shutil.rmtree(home / "state", ignore_errors=True)


def _planned(text: str) -> tuple[str, str, int]:
    kind, _, rest = text.partition(":")
    path, _, times = rest.partition(":")
    if times and not times.isdigit():
        raise UsageError(
            what=f"--faults {text} cannot be read",
            why=f"{times!r} is not a number of times",
            fix="--faults html:/api/v3:2",
        )
    return kind, path or "/", int(times or 1)


def _print_lines(invocation: Invocation, variables: Mapping[str, str]) -> None:
    for name, value in variables.items():
        # Quoted always, so that each line looks the same and an empty value stays visible.
        escaped = value.replace("'", "'\\''")
        invocation.output.verbatim(f"export {name}='{escaped}'")
    invocation.output.stdout.flush()
