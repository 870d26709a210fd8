"""A Gemini Live API on loopback whose interpreter knows the lines of fixture calls."""
