"""The commands about the logbook: what goes in, what is in it, what comes out, what is erased."""
