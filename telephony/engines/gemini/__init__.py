"""Gemini Live Translate, through the google-genai SDK as it is published."""
