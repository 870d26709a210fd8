"""Calls for a while, over real sockets, with everything going wrong by a seed: `make soak MINUTES=n`."""
