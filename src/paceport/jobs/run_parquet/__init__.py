"""The runs of all athletes as Parquet, one folder for each athlete and month, brought up to date piece by piece.

    runs/athlete_id=7/month=2026-11/part-0.parquet    replaced whole where something in it has changed
    tombstones/gone=2026-11-29/part-0.parquet         rows that are no longer there, and athletes who have left
    manifest.json                                     what each part holds, and the number of this layout

A part is written beside the old one and renamed over it, so a query sees one or the other. What the API told expires
here as it does in the database: with the next export. Each part is read from one athlete's rows and from nothing else.
"""
