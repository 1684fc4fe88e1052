"""The logbook out again: Parquet, CSV, GPX, GeoJSON; the athlete's own data unless more is asked for."""

from paceport.logbook.export.geo import export_geojson, export_gpx
from paceport.logbook.export.place import Written
from paceport.logbook.export.tables import export_csv, export_parquet

__all__ = ["Written", "export_csv", "export_geojson", "export_gpx", "export_parquet"]
