"""`export`: the runs as Parquet, CSV, GPX or GeoJSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from paceport.cli.compute_missing import compute_missing
from paceport.cli.invocation import Invocation, pass_invocation

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.logbook.exporting.destination import ExportReport

_FORMATS = ("parquet", "csv", "gpx", "geojson")


@click.command("export")
@click.option("--format", "kind", type=click.Choice(_FORMATS), required=True, help="What to write.")
@click.option(
    "-o",
    "--output",
    "place",
    type=click.Path(path_type=Path),
    required=True,
    help="The file (csv, geojson) or folder (parquet, gpx) to write.",
)
@click.option("--include-cached", is_flag=True, help="Include API data, which may be kept for only seven days.")
@click.option("--samples", is_flag=True, help="Parquet: also a row for each sample of each run.")
@click.option("--json", "as_json", is_flag=True, help="Describe what was written as JSON.")
@pass_invocation
def export_command(
    invocation: Invocation, *, kind: str, place: Path, include_cached: bool, samples: bool, as_json: bool
) -> None:
    """Write your runs for other programs. Nothing is overwritten.

    You may keep your own data (export and files) forever. With --include-cached, each row says until when you may keep
    it, and `paceport purge` names the file until you delete it.
    """
    profile = invocation.profile()
    with profile.logbook() as store:
        compute_missing(invocation, store)
        written = write(store, kind, place, include_cached=include_cached, samples=samples)
    output = invocation.output
    if as_json:
        output.json(
            {
                "place": str(written.place),
                "files": len(written.files),
                "runs": written.runs,
                "cached": written.cached,
                "cached_until": written.cached_until,
                "left_out": written.left_out,
            }
        )
    else:
        output.result(f"{written.runs:,} runs in {written.place}")
    if written.left_out:
        output.say(f"{written.left_out:,} runs have no positions, so {kind} cannot hold them")
    if written.cached:
        output.warn(
            f"{written.cached:,} of the runs hold API data that may be kept until {written.cached_until}. "
            f"Delete the file by then; {profile.command('purge')} lists it"
        )


def write(store: Store, kind: str, place: Path, *, include_cached: bool, samples: bool) -> ExportReport:
    """Write the runs of an open store in one of the formats."""
    from paceport.logbook.exporting.csv import export_csv
    from paceport.logbook.exporting.geojson import export_geojson
    from paceport.logbook.exporting.gpx import export_gpx
    from paceport.logbook.exporting.parquet import export_parquet

    if kind == "parquet":
        return export_parquet(store, place, include_cached=include_cached, samples=samples)
    writers = {"csv": export_csv, "gpx": export_gpx, "geojson": export_geojson}
    return writers[kind](store, place, include_cached=include_cached)
