"""The logbook out again: Parquet, CSV, GPX, GeoJSON; the athlete's own data unless more is asked for."""
