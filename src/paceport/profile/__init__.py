"""One app and one athlete: settings from the environment; vault, keeper and client for the rest."""
