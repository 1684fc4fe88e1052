"""The command line as a person uses it: words in; exit code, stdout and stderr out. All of it real, in one process."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from paceport.cli.invocation import Invocation
from paceport.cli.main import run
from paceport.cli.output import Output
from paceport.clock import ManualClock
from paceport.http_message import Send
from paceport.oauth.login.environment import LoginEnvironment
from paceport.transport.http_transport import open_transport


@dataclass(frozen=True, slots=True)
class Ended:
    """How one command ended."""

    code: int
    out: str
    err: str


@dataclass(slots=True, kw_only=True)
class Shell:
    """A shell whose environment points at the sandbox; calling it runs one command.

    `visit` plays the person in front of the browser; replace it to deny, untick or stay away.
    """

    environ: dict[str, str]
    clock: ManualClock
    visit: Callable[[str], bool]
    transport: Callable[[], AbstractContextManager[Send]] = open_transport
    commands: list[str] = field(default_factory=list)
    environment: LoginEnvironment = field(default_factory=lambda: LoginEnvironment(kind="desktop"))

    def __call__(
        self,
        *words: str,
        stdin: str = "",
        environ: Mapping[str, str] | None = None,
        is_terminal: bool = False,
        can_answer: bool = False,
        width: int = 100,
    ) -> Ended:
        out, err = io.StringIO(), io.StringIO()
        output = Output(
            stdout=out,
            stderr=err,
            stdout_is_terminal=is_terminal,
            stderr_is_terminal=is_terminal,
            colour=is_terminal,
            width=width,
        )
        invocation = Invocation(
            environ=self.environ | dict(environ or {}),
            clock=self.clock,
            output=output,
            stdin=io.StringIO(stdin),
            stdin_is_terminal=can_answer,
            open_transport=self.transport,
            open_browser=self.visit,
            environment_override=self.environment,
        )
        self.commands.append(" ".join(words))
        code = run(words, invocation=invocation)
        return Ended(code, out.getvalue(), err.getvalue())
