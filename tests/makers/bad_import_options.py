"""Options of an import that mean nothing, for the function, the command and the page."""

# Words that mean nothing, by the option of the command, and what the error says.
BAD_VALUES = [
    ("timezone", "Mars/Base", "“Mars/Base” is not a time zone"),
    ("timezone", "Europe/Berln", "--timezone Europe/Berlin"),
    ("sport", "Quidditch", "'Quidditch' is not one of Strava's sport types"),
    ("sport", "Jogging", "Strava calls it Run"),
    ("date_order", "dym", "d, m and y stand for day, month and year"),
    ("map", "Datum", "needs a column's header or a sport's name, an equals sign"),
    ("map", "=date", "--map '=date' has no meaning"),
    ("map", "Datum= ", "has no meaning"),
    ("map", "Datum=when", "“when” is neither a field nor a sport"),
]
