"""Figures about the house for those who watch it: counters of calls, the event loop's lag, readiness for new calls.

No number, name or id of a call is ever a label, and every label has a small fixed set of values.
"""
