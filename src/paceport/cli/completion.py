"""`completion`: what a shell needs to complete our words, printed for it to read."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ShellComplete, ZshComplete

from paceport.cli.invocation import Invocation, pass_invocation

_SHELLS = {
    "bash": (BashComplete, "~/.bashrc", 'eval "$(paceport completion bash)"'),
    "zsh": (ZshComplete, "~/.zshrc", 'eval "$(paceport completion zsh)"'),
    "fish": (FishComplete, "~/.config/fish/completions/paceport.fish", "paceport completion fish | source"),
}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(_SHELLS)), required=False)
@pass_invocation
def completion_command(invocation: Invocation, *, shell: str | None) -> None:
    """Print the completion of commands, options and profile names for bash, zsh or fish.

    \b
        eval "$(paceport completion bash)"      in ~/.bashrc
        eval "$(paceport completion zsh)"       in ~/.zshrc
        paceport completion fish | source       in ~/.config/fish/config.fish
    """
    name = shell or Path(invocation.environ.get("SHELL", "bash")).name
    way, file, text = _SHELLS.get(name, _SHELLS["bash"])
    source = way(click.Command("paceport"), {}, "paceport", "_PACEPORT_COMPLETE")
    # Past BashComplete's own, which starts a bash to ask for its version.
    invocation.output.result(ShellComplete.source(source))
    invocation.output.say(f"For every new shell, add this to {file}:  {text}")


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
