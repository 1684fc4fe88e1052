"""Running metrics: numbers in, numbers out; no database, no clock, no network."""
