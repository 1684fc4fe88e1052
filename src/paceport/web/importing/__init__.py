"""Import in the browser: files are sent one by one, then imported as `paceport import` does it."""
