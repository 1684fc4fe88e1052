"""Pictures to be shown to others: posters and the year in review, as SVG and PNG, without private places."""
