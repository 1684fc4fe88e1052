"""Which of the app's limits a call counts against."""

from enum import StrEnum


class LimitClass(StrEnum):
    """Which budget a call is counted in: READ in both, UPLOAD in the overall one alone, NONE in neither."""

    READ = "read"
    UPLOAD = "upload"
    NONE = "none"
