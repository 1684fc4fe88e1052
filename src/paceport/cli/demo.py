"""`demo`: everything on the simulated Strava, in a temporary home, without an account or questions."""

from __future__ import annotations

import html
import io
import re
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import click

from paceport.cli.consent_form import consent_answer
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import Output
from paceport.cli.sandbox import sandbox_variables
from paceport.clock import SystemClock
from paceport.errors import MissingExtra, PaceportError
from paceport.http_message import Request, Send
from paceport.oauth.login.environment import LoginEnvironment
from paceport.transport.http_transport import open_transport

_MOST_LINES = 10


@click.command("demo")
@click.option("--seed", type=int, default=1, show_default=True, help="The seed of the simulated athletes.")
@pass_invocation
def demo_command(invocation: Invocation, *, seed: int) -> None:
    """Show everything on a simulated Strava; needs no account and asks no questions.

    This runs the real program over a real socket, in a temporary home; a script plays the person at the browser.
    STRAVA_* and PACEPORT_* of your shell are ignored.
    """
    try:
        from paceport.sandbox.athletes.population_generator import populate
        from paceport.sandbox.http.server import serve
        from paceport.sandbox.state.world import World
    except ImportError as error:
        raise MissingExtra(extra="sandbox", needed_for="The demo") from error
    started_s = invocation.clock.monotonic_s()
    with ExitStack() as resources:
        home = Path(resources.enter_context(tempfile.TemporaryDirectory(prefix="paceport-demo-")))
        server = resources.enter_context(serve(World(populate(seed)), port=0))
        send = resources.enter_context(open_transport())
        environ = _own_environment(invocation, home=home, port=server.port, seed=seed)
        # It outlives the demo, for there is something to look at; its runs are invented, so it may stay for ever.
        report = Path(tempfile.mkdtemp(prefix="paceport-demo-report-")) / "report.html"
        Demo(output=invocation.output, environ=environ, send=send, url=server.url, report=report).run_scenes()
    elapsed_s = invocation.clock.monotonic_s() - started_s
    _show_closing_summary(invocation.output, elapsed_s, report)
    if invocation.output.stdout_is_terminal and invocation.login_environment().kind == "desktop":
        invocation.open_browser(report.as_uri())


def _own_environment(invocation: Invocation, *, home: Path, port: int, seed: int) -> dict[str, str]:
    kept = {name: value for name, value in invocation.environ.items() if not name.startswith(("STRAVA_", "PACEPORT_"))}
    return kept | sandbox_variables({}, port=port, seed=seed) | {"PACEPORT_HOME": str(home)}


class Demo:
    """The scenes, in order. Each runs shipped commands and shows what they print."""

    def __init__(self, *, output: Output, environ: dict[str, str], send: Send, url: str, report: Path) -> None:
        self._output = output
        self._report = report
        self._environ = environ
        self._send = send
        self._url = url

    def run_scenes(self) -> None:
        """All scenes. Raises PaceportError where one does not end as it must."""
        self._scene("A simulated Strava runs on this machine. First, log in with too few scopes, as many people do")
        self._run(["login", "--scope", "read"])
        self._scene("Print an access token for any tool; it is renewed when needed")
        self._run(["token"])
        self._run(["status"])
        self._scene("That token cannot list activities. This is the error that curl gets")
        self._show_raw_refusal()
        self._scene("Paceport notices before it calls Strava, and names the fix")
        self._run(["activities"], expect=4)
        self._run(["grant", "+activity:read_all", "+profile:read_all"])
        self._scene("List every activity, private ones included")
        self._run(["activities"])
        self._scene("Fetch the details of runs, as far as the requests of 15 minutes allow")
        self._run(["sync", "--api-data", "on", "--no-wait"])
        self._run(["records"])
        self._run(["report", "--output", str(self._report)])

    def _scene(self, text: str) -> None:
        self._output.result("")
        self._output.heading(f"── {text}")

    def _show_raw_refusal(self) -> None:
        token = self._run(["token"], show=False).strip()
        url = f"{self._url}/api/v3/athlete/activities"
        answer = self._send(Request(method="GET", url=url, headers={"authorization": f"Bearer {token}"}))
        self._output.verbatim(f"$ paceport header | curl -H @- {url}")
        self._output.verbatim(f"  {answer.text()}")
        self._run(["explain", answer.text(), "--status", str(answer.status)], typed="… | paceport explain")

    def _run(self, words: Sequence[str], *, expect: int = 0, show: bool = True, typed: str | None = None) -> str:
        """Run one command as the console script would and show its transcript; gives what it printed on stdout."""
        from paceport.cli.main import run

        stdout = io.StringIO()
        # Shown commands write both streams into one, as a terminal does.
        talk = stdout if show else io.StringIO()
        # Laid out for the terminal in force, two columns of which the transcript is indented by.
        width, is_terminal = self._output.width - 2, self._output.stdout_is_terminal
        inner = Output(stdout=stdout, stderr=talk, width=width, stdout_is_terminal=is_terminal)
        visitor = ScriptedBrowser(send=self._send)
        code = run(
            words,
            invocation=Invocation(
                environ=self._environ,
                clock=SystemClock(),
                output=inner,
                stdin=io.StringIO(),
                stdin_is_terminal=False,
                open_transport=open_transport,
                open_browser=visitor,
                environment_override=LoginEnvironment(kind="desktop"),
            ),
        )
        visitor.join()
        if code == 130:
            # The command has taken the person's Ctrl-C for its own.
            raise KeyboardInterrupt
        if show:
            self._output.verbatim(f"$ {typed or 'paceport ' + ' '.join(words)}")
            self._show(stdout.getvalue())
        if code != expect:
            raise PaceportError(
                what=f"The demo failed: {' '.join(words[:2])} ended with {code}, not {expect}",
                why=(visitor.trouble or talk.getvalue())[-400:],
                fix="please report it, with: paceport doctor --report",
            )
        return stdout.getvalue()

    def _show(self, text: str) -> None:
        # Every command names the server in force when the environment sets it; here that is always the sandbox.
        lines = [line for line in text.splitlines() if not line.startswith("(talking to ")]
        if len(lines) > _MOST_LINES:
            left_out = len(lines) - _MOST_LINES
            lines = [*lines[: _MOST_LINES - 1], f"… {left_out:,} more lines …", lines[-1]]
        for line in lines:
            self._output.result(f"  {line}".rstrip())


class ScriptedBrowser:
    """Plays the person in front of the browser: opens the consent page over HTTP, leaves every box ticked, agrees."""

    def __init__(self, *, send: Send) -> None:
        self._send = send
        self._thread: threading.Thread | None = None
        self.trouble = ""

    def __call__(self, url: str) -> bool:
        """Visit in the background, as a browser does."""
        self._thread = threading.Thread(target=self._visit, args=(url,), daemon=True)
        self._thread.start()
        return True

    def join(self) -> None:
        """Wait until the visit is over."""
        if self._thread is not None:
            self._thread.join(timeout=20)

    def _visit(self, url: str) -> None:
        try:
            answer = consent_answer(self._send, forwarded_address(url))
            # The page after the redirect is looked at, too.
            for _ in range(3):
                address = answer.headers.get("location")
                if address is None:
                    break
                url = urljoin(url, address)
                answer = self._send(Request(method="GET", url=url))
        except PaceportError as error:
            self.trouble = str(error)


def forwarded_address(url: str) -> str:
    """The address that a page on disk forwards to; any other address as it is."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return url
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', Path(unquote(parts.path)).read_text("utf-8"))
    return html.unescape(found[1]) if found else url


def _show_closing_summary(output: Output, elapsed_s: float, report: Path) -> None:
    output.result("")
    output.heading(f"── Done in {elapsed_s:.0f} s; nothing but the report stays on this machine")
    output.result(
        "  A login that renews itself, the scope mistake found and repaired, every activity listed, every run "
        "analysed. A script pressed Authorize; everything else was the real program."
    )
    output.result("")
    output.result("  The report of the simulated athlete:")
    output.verbatim(f"  {report}")
    output.result("")
    output.result("  Try it yourself in a browser:   paceport sandbox")
    output.result('  then, in a second terminal:     eval "$(paceport sandbox --print-env)" && paceport login')
    output.result("  With your own Strava account:   paceport login")
    output.result("  All your runs in the browser:   paceport serve --open")
