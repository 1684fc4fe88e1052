"""Activities that are one run, recorded more than once: told, joined, and the better channel of each."""
