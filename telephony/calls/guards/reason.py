"""Why a new call is not taken, in words for records and metrics. PURE."""

from enum import StrEnum


class Reason(StrEnum):
    LINE_FULL = "line-full"
    """As many calls as this house carries at once."""

    CALLER_LIMIT = "caller-limit"
    """This caller has had an hour's calls."""

    DAY_MINUTES = "day-minutes"
    DAY_SPEND = "day-spend"
    HELD = "held"
    """New calls are held by hand."""

    NOT_ALLOWED = "not-allowed"
    """This caller, or where the call is to go, is not allowed."""

    DRAINING = "draining"
    """This process is about to end."""

    STRAINED = "strained"
    """This process is so busy that the sound of the calls that are up would suffer."""

    QUOTA = "quota"
    """The engine has refused sessions for want of quota."""
