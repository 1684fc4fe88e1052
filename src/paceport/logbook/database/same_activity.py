"""When two activities are one: they start within 2 s and are as long within 1 %; an unknown length fits any."""

SAME_START_S = 2
SAME_DISTANCE_RATIO = 0.01


def is_same_distance_sql(first: str, second: str) -> str:
    """The rule for lengths in metres as a condition in SQL; both are names of columns or parameters, never values."""
    return (
        f"(ifnull({first}, 0) = 0 OR ifnull({second}, 0) = 0 "
        f"OR abs({first} - {second}) <= {SAME_DISTANCE_RATIO} * max({first}, {second}))"
    )
