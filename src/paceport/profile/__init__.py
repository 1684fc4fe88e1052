"""One app and one athlete: settings from the environment; token store, keeper and client for the rest."""
