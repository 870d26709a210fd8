"""A session that does not end with its connection, whatever the engine: hand-over, replay, watching, backing off.

The route: `session` (I/O) gives sound and events to `handover`, which decides. What it decides from: the speaker's
last sound (`ring`), what each `connection` has `answered` and how it is (`watch`), whose turn it is to be heard
(`floor`), what went wrong (`outage`), and the figures of `policy`.

Session resumption (ai.google.dev/gemini-api/docs/live-session) is not used: it keeps the call's sound at the provider
for hours, and what a resumed translation remembers is not documented. The ring has all that a new session needs.
"""

from telephony.engines.continuity.engine import ContinuousEngine
from telephony.engines.continuity.policy import Policy

__all__ = ["ContinuousEngine", "Policy"]
