"""The logbook out again: Parquet, CSV, GPX, GeoJSON; the athlete's own data unless more is asked for."""

from paceport.logbook.exporting.csv import export_csv
from paceport.logbook.exporting.destination import ExportReport
from paceport.logbook.exporting.geojson import export_geojson
from paceport.logbook.exporting.gpx import export_gpx
from paceport.logbook.exporting.parquet import export_parquet

__all__ = ["ExportReport", "export_csv", "export_geojson", "export_gpx", "export_parquet"]
