"""Playing fixture calls: over real sockets in processes of their own, or on memory streams in virtual time."""
