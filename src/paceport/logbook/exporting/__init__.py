"""The logbook out again: Parquet, CSV, GPX, GeoJSON; the athlete's own data unless more is asked for."""

from paceport.logbook.exporting.destination import Written
from paceport.logbook.exporting.gpx_and_geojson import export_geojson, export_gpx
from paceport.logbook.exporting.parquet_and_csv import export_csv, export_parquet

__all__ = ["Written", "export_csv", "export_geojson", "export_gpx", "export_parquet"]
