"""The heart: calls, their legs, and who interprets whom. It knows ports only, never a brand of carrier or engine."""
