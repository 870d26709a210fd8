"""The HTTP API: routes declared with their types, bearer tokens, and the OpenAPI document that follows from both."""
