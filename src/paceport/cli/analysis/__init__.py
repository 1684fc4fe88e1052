"""What the runs say, in the terminal: tables, and plots that each have a table twin."""
