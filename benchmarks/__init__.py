"""One script per row of the speed table; each prints our figure beside its peer's, as a ratio, from one run."""
