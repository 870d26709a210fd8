"""For every test."""

pytest_plugins = ("tests.canary.plugin",)
