"""Paceport in other people's programs; each module is imported on demand only."""
