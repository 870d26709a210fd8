"""The web pages of the house: who may sign in, the live calls, and the feed that shows them."""
