"""The report: one HTML file with the whole running history, made from the logbook and nothing else."""
