"""File formats decoded into values: recorded tracks, the bulk export, the stored streams. Nothing is cleaned here."""
