"""What outlives the process: calls and what they leave, cost, tokens, users. On SQLite or PostgreSQL."""

from telephony.records.store.store import Purged, Store
from telephony.records.store.trouble import DatabaseRefused, StoreUnavailable

__all__ = ["DatabaseRefused", "Purged", "Store", "StoreUnavailable"]
