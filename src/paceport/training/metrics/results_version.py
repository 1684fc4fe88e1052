"""The version of all definitions that stored results rest on."""

RESULTS_VERSION = 6  # one more whenever a definition changes: stored results of another version are computed anew
