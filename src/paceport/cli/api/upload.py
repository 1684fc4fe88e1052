"""`upload FILE…`: upload recordings; each file has its own result, and finished files are not sent again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import click

from paceport.api.upload.upload_log import UploadLog
from paceport.api.upload.uploader import Uploader, UploadOutcome, UploadResult
from paceport.cli.api.activity import activity_url
from paceport.cli.invocation import Invocation, pass_invocation
from paceport.cli.output import error_as_json
from paceport.errors import FileError, PaceportError, UsageError
from paceport.profile.profile import Profile
from paceport.system_errors import fix_of, reason_of
from paceport.text import clean

_SUFFIXES = (".fit", ".gpx", ".tcx", ".fit.gz", ".gpx.gz", ".tcx.gz")
_OUTCOME_TEXTS = {
    UploadOutcome.READY: "ready",
    UploadOutcome.DUPLICATE: "already there",
    UploadOutcome.DELETED: "deleted there",
    UploadOutcome.REFUSED: "refused",
    UploadOutcome.UNFINISHED: "not finished",
}


@click.command("upload")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--sport", "sport_type", metavar="TYPE", help="The sport type, such as TrailRun; else the file's own.")
@click.option("--name", help="The activity's name; for one file.")
@click.option("--description", help="Its description; for one file.")
@click.option("--commute", is_flag=True, help="Mark it as a commute.")
@click.option("--trainer", is_flag=True, help="Mark it as done indoors.")
@click.option("--as-new", is_flag=True, help="Send files again, as new activities.")
@click.option("--json", "form", flag_value="json", help="One JSON object with a result for each file.")
@click.option("--no-wait", is_flag=True, help="Exit 6 instead of waiting for the rate limit.")
@pass_invocation
def upload_command(
    invocation: Invocation,
    /,
    *,
    paths: tuple[Path, ...],
    as_new: bool,
    form: str | None,
    no_wait: bool,
    **described: str | bool | None,
) -> int:
    """Upload FIT, GPX or TCX files (gzipped or not) and wait until they are activities.

    A folder means all files in it. The format is recognised from the content. A file whose activity exists already
    counts as found. If you interrupt it, run the same command again: it continues where it stopped, because each file
    is remembered by its content. The exit code is 0 if every file has its activity, else 1.
    """
    files = find_files(paths)
    if len(files) > 1 and (described["name"] or described["description"]):
        raise UsageError(
            what="--name and --description are for one file",
            why=f"you gave {len(files)} files, and all would get the same",
            fix="leave them out, and later: paceport edit ID --name …",
        )
    # A flag that is off is not sent: in a form its presence would turn it on.
    fields = {name: value or None for name, value in described.items()}
    profile = invocation.profile()
    with profile.client(no_wait=no_wait, say=invocation.output.say) as client:
        client.check_can_call("upload")
        uploads = Uploader(client=client, clock=invocation.clock, journal=UploadLog(_upload_log_path(profile)))
        desk = _UploadProgress(invocation, total=len(files), form=form)
        try:
            for result in uploads.run(files, fields=fields, as_new=as_new, started=desk.begin):
                desk.end(result)
        except PaceportError as error:
            desk.stop(error)
            raise
    return desk.close()


def find_files(paths: Sequence[Path]) -> list[Path]:
    """The files themselves and, for folders, the recordings in them by name. Raises FileError where there is none."""
    files: list[Path] = []
    for path in paths:
        try:
            found = _recordings_in(path) if path.is_dir() else [path]
        except OSError as error:
            raise FileError(path=str(path), why=reason_of(error), fix=fix_of(error)) from error
        if not found:
            raise FileError(
                path=str(path), why="no FIT, GPX or TCX file is in that folder", fix="name a folder that holds some"
            )
        files.extend(found)
    return files


def _recordings_in(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.name.lower().endswith(_SUFFIXES) and each.is_file())


class _UploadProgress:
    """Tells what becomes of the files, one after the other, and counts."""

    def __init__(self, invocation: Invocation, *, total: int, form: str | None) -> None:
        self._output, self._total, self._form = invocation.output, total, form
        self._settings = invocation.profile().settings
        self._results: list[UploadResult] = []

    def begin(self, path: Path) -> None:
        self._bar(path.name)

    def end(self, result: UploadResult) -> None:
        self._results.append(result)
        if self._form != "json":
            self._output.temporary_line("")
            self._output.result(self._line(result))
            self._output.stdout.flush()
        self._bar("")

    def stop(self, error: PaceportError) -> None:
        """Something that concerns all files ends the run: what is done so far is still told."""
        self._output.temporary_line("")
        if self._form == "json":
            self._output.json(self._as_json() | {"error": error_as_json(error)})
            self._output.as_json = False  # the error is in there already
        else:
            left = self._total - len(self._results)
            self._output.say(f"{left} of {self._total} files are left; run the same command again to continue.")

    def close(self) -> int:
        """The sum; gives the exit code."""
        self._output.temporary_line("")
        found = sum(result.is_found for result in self._results)
        if self._form == "json":
            self._output.json(self._as_json())
        else:
            self._output.say(f"{found} of {self._total} files have an activity.")
            if any(result.outcome is UploadOutcome.DELETED for result in self._results):
                self._output.say("To make an activity again that was deleted: paceport upload --as-new FILE")
            if any(result.is_remembered for result in self._results):
                self._output.say("(earlier) was sent by an earlier command and not again; --as-new sends it again.")
        return 0 if found == self._total else 1

    def _bar(self, name: str) -> None:
        if self._total > 1:
            done = len(self._results)
            filled = 20 * done // self._total
            self._output.temporary_line(f"[{'#' * filled}{'.' * (20 - filled)}] {done}/{self._total} {name}")

    def _line(self, result: UploadResult) -> str:
        words = _OUTCOME_TEXTS[result.outcome] + (" (earlier)" if result.is_remembered else "")
        where = activity_url(result.activity_id, self._settings) if result.activity_id else ""
        why = f"  ({result.why})" if result.why and not result.is_found else ""
        return clean(f"{words:<23}  {result.path}{'  ' + where if where else ''}{why}")

    def _as_json(self) -> dict[str, object]:
        return {
            "files": [
                {
                    "path": str(result.path),
                    "outcome": result.outcome.value,
                    "is_found": result.is_found,
                    "is_remembered": result.is_remembered,
                    "activity_id": result.activity_id,
                    "upload_id": result.upload_id,
                    "url": activity_url(result.activity_id, self._settings) if result.activity_id else None,
                    "why": result.why,
                }
                for result in self._results
            ],
            "found": sum(result.is_found for result in self._results),
            "total": self._total,
        }


def _upload_log_path(profile: Profile) -> Path:
    """What was uploaded for this athlete at this server: to another one the same file is a new file."""
    grant = profile.find_grant()
    whose = f"{profile.origin}\n{grant.athlete_id if grant is not None else profile.name}"
    return profile.settings.directories.state / "uploads" / f"{hashlib.sha256(whose.encode()).hexdigest()[:24]}.jsonl"
