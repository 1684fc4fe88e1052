"""What runs mean: metrics of one run, the history of all, and the computing that connects both with the logbook."""
