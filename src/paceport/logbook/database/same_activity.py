"""When two activities are one: they start within 2 s, and are as long within 1 % or last as long within 2 s.

An unknown length fits any. The time tells it where the distance was corrected afterwards.
"""

SAME_START_S = 2
SAME_DISTANCE_RATIO = 0.01


def is_same_length_sql(first_m: str, second_m: str, *, first_s: str, second_s: str) -> str:
    """The rule for lengths in metres and seconds as a condition in SQL; all are names of columns or parameters."""
    return (
        f"(ifnull({first_m}, 0) = 0 OR ifnull({second_m}, 0) = 0 "
        f"OR abs({first_m} - {second_m}) <= {SAME_DISTANCE_RATIO} * max({first_m}, {second_m}) "
        f"OR ({first_s} > 0 AND abs({first_s} - {second_s}) <= {SAME_START_S}))"
    )
