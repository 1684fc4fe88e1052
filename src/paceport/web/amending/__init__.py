"""Corrections of a run in the browser: listed, previewed, confirmed, undone."""
