"""What the runs say: values computed from the logbook, for the terminal and for the report alike.

Start with `history.read_history`; all else takes what it gives.
"""
