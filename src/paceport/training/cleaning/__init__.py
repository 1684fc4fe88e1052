"""Doubtful samples found and repaired, before anything is computed from them. Definition: docs/metrics.md#cleaning."""
