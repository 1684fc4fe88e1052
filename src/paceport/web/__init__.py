"""The logbook as a local web application: `paceport serve`."""
