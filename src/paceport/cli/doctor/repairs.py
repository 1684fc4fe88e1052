"""The repairs themselves, by the words that findings name them with."""

from __future__ import annotations

import stat

import click

from paceport.cli.doctor import machine
from paceport.cli.doctor.finding import Repair
from paceport.cli.invocation import Invocation
from paceport.errors import StoreUnwritable
from paceport.oauth.import_tokens.take_over import identify_grant
from paceport.profile.profile import Profile

# More than any token has left, so that a refresh is begun and whatever an earlier one left is settled first.
_LONGER_THAN_ANY_S = 7 * 3600.0


def repair(word: Repair, invocation: Invocation) -> str:
    """Do it, and say what was done. Raises our errors where it cannot be done."""
    profile = invocation.profile()
    if word == "permissions":
        return f"{make_files_private(profile)} files and folders are private now."
    if word == "drafts":
        return f"{_remove_drafts(invocation, profile)} temporary files were removed."
    if word == "journal":
        profile.keeper().token(min_ttl_s=_LONGER_THAN_ANY_S)
        return "The unfinished refresh is resolved."
    if word == "identify":
        profile.token()
        grant, probed = identify_grant(
            profile.grant().key, token_store=profile.token_store, send=profile.send, clock=profile.clock
        )
        return probed.trouble or f"The login is athlete {grant.athlete_id}'s, with scopes {grant.scopes}."
    if word == "init":
        from paceport.cli.auth.init import init_command

        _run(init_command, [], invocation)
    else:
        from paceport.cli.auth.login import login_command

        _run(login_command, ["--force"], invocation)
    return "Done."


def make_files_private(profile: Profile) -> int:
    """Take from others what they may do with the stored files, links and foreign files left alone; how many it was."""
    changed = 0
    for path, found in machine.private_paths(profile.settings.directories.state):
        if stat.S_ISLNK(found.st_mode) or not machine.is_ours(found) or machine.is_linked(found):
            continue
        wanted = 0o700 if stat.S_ISDIR(found.st_mode) else 0o600
        if found.st_mode & 0o077:
            try:
                path.chmod(wanted)
            except FileNotFoundError:
                continue  # another process was done with it in this moment
            except OSError as error:
                raise StoreUnwritable(path=str(path), why=error.strerror or str(error)) from error
            changed += 1
    return changed


def _remove_drafts(invocation: Invocation, profile: Profile) -> int:
    left = machine.drafts(profile.settings.directories.state, now=invocation.clock.now())
    for path in left:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnwritable(path=str(path), why=error.strerror or str(error)) from error
    return len(left)


def _run(command: click.Command, arguments: list[str], invocation: Invocation) -> None:
    command.main(arguments, prog_name=f"paceport {command.name}", obj=invocation, standalone_mode=False)
