"""`completion`: what a shell needs to complete our words, printed for it to read."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import CompletionItem

from paceport.cli.completion_scripts import BASH, FISH, ZSH
from paceport.cli.invocation import Invocation, pass_invocation

_SHELLS = {
    "bash": (BASH, "~/.bashrc", 'eval "$(paceport completion bash)"'),
    "zsh": (ZSH, "~/.zshrc", 'eval "$(paceport completion zsh)"'),
    "fish": (FISH, "~/.config/fish/config.fish", "paceport completion fish | source"),
}
_MOST_RUNS = 50


@click.command("completion")
@click.argument("shell", type=click.Choice(list(_SHELLS)), required=False)
@pass_invocation
def completion_command(invocation: Invocation, *, shell: str | None) -> None:
    """Print the completion of commands, options, profiles, scopes, metrics and runs for bash, zsh or fish.

    \b
        eval "$(paceport completion bash)"      in ~/.bashrc
        eval "$(paceport completion zsh)"       in ~/.zshrc
        paceport completion fish | source       in ~/.config/fish/config.fish
    """
    name = shell or Path(invocation.environ.get("SHELL", "bash")).name
    script, file, text = _SHELLS.get(name, _SHELLS["bash"])
    invocation.output.verbatim(script.rstrip("\n"))
    if invocation.output.stdout_is_terminal:
        # A shell that starts reads the lines through a pipe, and must stay silent.
        invocation.output.say(f"For every new shell, add this to {file}:  {text}")


def scope_words(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The scopes that go on from what is typed: after a comma another one, with + as `grant` wants it."""
    from paceport.scopes import SCOPES

    head, comma, last = incomplete.rpartition(",")
    plus = "+" if last.startswith("+") else ""
    given = set(head.replace("+", "").split(","))
    return [
        CompletionItem(f"{head}{comma}{plus}{word}")
        for word in SCOPES
        if word.startswith(last.removeprefix("+")) and word not in given
    ]


def sport_types(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The sport types that begin so, whatever the capitals."""
    from paceport.sports import SPORT_TYPES

    return [CompletionItem(word) for word in SPORT_TYPES if word.casefold().startswith(incomplete.casefold())]


def metric_names(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The metrics whose names begin so."""
    from paceport.training.metrics.definitions import metrics

    return [CompletionItem(metric.name) for metric in metrics() if metric.name.startswith(incomplete.lower())]


def run_ids(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """`last` and the newest runs whose ids begin so. Without a logbook there is none, and none is made."""
    from paceport.errors import PaceportError

    words = ["last"]
    invocation = ctx.find_object(Invocation)
    try:
        profile = invocation.profile() if invocation is not None else None
        if profile is not None and (profile.data / "own.db").exists():
            with profile.logbook() as store:
                query = "SELECT id FROM run ORDER BY start_utc DESC"
                words += [str(row[0]) for row in store.query(query, most_rows=10_000).rows]
    except (PaceportError, OSError):
        pass
    return [CompletionItem(word) for word in [word for word in words if word.startswith(incomplete)][:_MOST_RUNS]]


def profile_names(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The profiles that hold a login and begin so. A keyring is not asked: it might want to be unlocked."""
    from paceport.errors import PaceportError

    invocation = ctx.find_object(Invocation)
    if invocation is None:
        return []
    try:
        profile = invocation.profile()
        if profile.settings.vault.partition(":")[0] != "file":
            return []
        names = {grant.profile for grant in profile.token_store.grants()}
    except PaceportError:
        return []
    return [CompletionItem(name) for name in sorted(names) if name.startswith(incomplete)]
