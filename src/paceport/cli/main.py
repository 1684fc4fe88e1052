"""The command tree: which word lives where, what every command shares, and the exit codes."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TextIO

import click

from paceport.cli.commands import COMMANDS, SECTIONS
from paceport.cli.help_layout import CommandContext, help_width
from paceport.cli.invocation import Invocation
from paceport.cli.logging_setup import set_up_logging
from paceport.cli.output import Output, OutputClosed, write_error
from paceport.cli.stripped_help import restore_help
from paceport.cli.terminal_width import terminal_columns
from paceport.clock import SystemClock
from paceport.errors import PaceportError
from paceport.http_message import Send

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_WIDEST = max(map(len, COMMANDS))


class CommandTable(click.Group):
    """The commands by name, each imported on first use, each with the options that all share."""

    context_class = CommandContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"paceport.cli.{COMMANDS[cmd_name]}")
        function = cmd_name.replace("-", "_") + "_command"
        command: click.Command = getattr(module, function)
        restore_help(command, module, function)
        present = {parameter.name for parameter in command.params}
        command.context_class = CommandContext
        command.params.extend(option for option in _shared_options() if option.name not in present)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview: by subject, each with its first sentence in full."""
        rows: dict[str, list[tuple[str, str]]] = {}
        for word in COMMANDS:
            heading = SECTIONS.get(word) or next(reversed(rows))
            command = self.get_command(ctx, word)
            if command is not None:
                rows.setdefault(heading, []).append((word.ljust(_WIDEST), command.get_short_help_str(limit=200)))
        for heading, table in rows.items():
            with formatter.section(heading):
                formatter.write_dl(table)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands from the table, without importing any of them; options as ever."""
        from click.shell_completion import CompletionItem

        words = [CompletionItem(word) for word in COMMANDS if word.startswith(incomplete)]
        return words + click.Command.shell_complete(self, ctx, incomplete)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from paceport.cli.unknown_command import unknown_command

            raise unknown_command(args, list(COMMANDS))
        return super().resolve_command(ctx, args)


def _shared_options() -> list[click.Option]:
    return [
        click.Option(
            ["--profile"],
            metavar="NAME",
            expose_value=False,
            callback=_set_profile,
            shell_complete=_profile_names,
            help="Use this profile.",
        ),
        click.Option(
            ["-q", "--quiet"],
            is_flag=True,
            expose_value=False,
            callback=_set_quiet,
            help="Print no messages on stderr.",
        ),
        click.Option(
            ["-v", "--verbose"],
            count=True,
            expose_value=False,
            callback=_set_verbose,
            help="Print more messages; twice: all of them.",
        ),
    ]


def _profile_names(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from paceport.cli.completion import profile_names

    return profile_names(ctx, parameter, incomplete)


def _set_profile(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value:
        invocation = ctx.ensure_object(Invocation)
        invocation.profile_argument = value
        invocation.output.profile = value


def _set_quiet(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        ctx.ensure_object(Invocation).output.quiet = True


def _set_verbose(ctx: click.Context, _parameter: click.Parameter, value: int) -> None:
    if value:
        import logging

        set_up_logging(ctx.ensure_object(Invocation).output, again=False)
        logging.getLogger().setLevel(logging.DEBUG if value > 1 else logging.INFO)


def _show_version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if not value:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("paceport")
    except PackageNotFoundError:
        number = "(from a source tree that is not installed)"
    ctx.ensure_object(Invocation).output.result(f"paceport {number}")
    ctx.exit()


@click.group(
    cls=CommandTable,
    params=[
        *_shared_options(),
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
            help="Print the version.",
        ),
    ],
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.pass_context
def paceport(ctx: click.Context) -> None:
    """A Strava token that keeps working, and your whole running history, on your own machine.

    Without a command, it shows your login and the next step.
    """
    if ctx.invoked_subcommand is None:
        from paceport.cli.auth.status import show_overview

        show_overview(ctx.ensure_object(Invocation))


restore_help(paceport, sys.modules[__name__], "paceport")


def run(arguments: Sequence[str] | None = None, *, invocation: Invocation | None = None) -> int:
    """Run the command line and give its exit code. Never raises what is ours; never prints a traceback for it."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if invocation is None:
        invocation = from_process()
        if is_for_machines(arguments):
            _write_utf8(sys.stdout)
    invocation.output.as_json = any(word in {"--json", "--jsonl"} for word in _before_dashes(arguments))
    if "_PACEPORT_COMPLETE" in invocation.environ:
        # A shell completes a word: whatever is said would spill over the prompt.
        invocation.output.stderr = io.StringIO()
    if "logging" in sys.modules:
        set_up_logging(invocation.output)
    try:
        return _run_to_the_end(arguments, invocation)
    finally:
        try:
            invocation.output.stderr.flush()
        except OSError:
            # What nobody hears would turn the exit code into 120 when Python closes the stream.
            _silence(sys.stderr)


def _run_to_the_end(arguments: list[str], invocation: Invocation) -> int:
    try:
        with invocation.resources:
            code = _run(arguments, invocation)
            invocation.output.flush()
    except (BrokenPipeError, OutputClosed):
        # The reader has seen enough. Python would complain once more while it closes stdout.
        _silence(sys.stdout)
        return 0
    except PaceportError as error:
        _silence(sys.stdout)
        invocation.output.as_json = False  # its place is the one that failed
        invocation.output.error(error)
        return error.exit_code
    return code


def _run(arguments: list[str], invocation: Invocation) -> int:
    output = invocation.output
    try:
        width = help_width(output.width)
        outcome = paceport.main(
            arguments, prog_name="paceport", obj=invocation, standalone_mode=False, terminal_width=width
        )
    except PaceportError as error:
        output.error(error)
        return error.exit_code
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (click.Abort, KeyboardInterrupt):
        output.say("\nStopped. Nothing was lost.")
        return 130
    except click.ClickException as error:
        return _click_error(error, output, arguments)
    except (OSError, SystemExit) as error:
        if not {"--help", "-h"} & set(arguments):
            raise
        # The framework prints help itself, and ends the process where nobody reads it.
        raise (write_error(error) if isinstance(error, OSError) else OutputClosed()) from error
    return outcome if isinstance(outcome, int) else 0


def _click_error(error: click.ClickException, output: Output, arguments: list[str]) -> int:
    from paceport.cli.usage_errors import usage_error

    word = next((word for word in arguments if word in COMMANDS), "")
    context = click.Context(paceport)
    found = {word: paceport.get_command(context, word)} if word else {}
    output.error(usage_error(error, arguments, found, paceport))
    return 2


def from_process() -> Invocation:
    """The invocation of this very process: its environment, streams, clock, network and browser."""
    _open_what_is_closed()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            # Names hold any script; a terminal of another encoding gets a replacement, never a crash.
            reconfigure(encoding="utf-8" if os.name == "nt" else None, errors="replace")
    environ = os.environ
    stdout_is_terminal = _is_terminal(sys.stdout)
    output = Output(
        stdout=sys.stdout,
        stderr=sys.stderr,
        stdout_is_terminal=stdout_is_terminal,
        stderr_is_terminal=_is_terminal(sys.stderr),
        colour="NO_COLOR" not in environ and environ.get("TERM") != "dumb",
        width=terminal_columns(environ, sys.stdout),
        talk_width=terminal_columns(environ, sys.stderr),
    )
    return Invocation(
        environ=environ,
        clock=SystemClock(),
        output=output,
        stdin=sys.stdin,
        stdin_is_terminal=_is_terminal(sys.stdin),
        open_transport=lambda: _open_transport(output),
        open_browser=_open_browser,
    )


def _open_what_is_closed() -> None:
    """Put the null device where a stream was closed by whoever started us, as `cmd >&-` does.

    Without it the next file that is opened would take the stream's number, and be read or written in its place.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # The lowest free number is taken, and all below it are open by now.
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123  # open to the end


def _open_transport(output: Output) -> AbstractContextManager[Send]:
    from paceport.transport.http_transport import open_transport

    set_up_logging(output, again=False)
    return open_transport()


def _open_browser(url: str) -> bool:
    import webbrowser

    return webbrowser.open(url)


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return bool(stream is not None and stream.isatty())
    except ValueError:
        return False


def _before_dashes(arguments: list[str]) -> list[str]:
    return arguments[: arguments.index("--")] if "--" in arguments else arguments


def is_for_machines(arguments: Sequence[str]) -> bool:
    """Whether the answer is JSON or CSV, which is UTF-8 whatever the locale says: a program reads it."""
    command = next((word for word in arguments if word in COMMANDS), "")
    return command == "api" or any(word in {"--json", "--jsonl", "--csv"} for word in _before_dashes(list(arguments)))


def _write_utf8(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")


def _silence(stream: TextIO) -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
