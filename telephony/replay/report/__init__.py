"""One played call as a page that opens from disk: four recordings on one time axis, what was said, and the figures."""

from telephony.replay.report.marks import session_marks
from telephony.replay.report.timeline import Mark
from telephony.replay.report.writing import write

__all__ = ["Mark", "session_marks", "write"]
