"""Fails a test in which a canary comes out: a phone number, a phrase, a name, a key or a token in a log record, a
metric, an address that is asked or an exception's text.

A test that has to let one out, to see what becomes of it, says so and why: `@pytest.mark.lets_out("why")`.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

from tests.canary.canaries import Canaries, fixture_phrases
from tests.canary.listening import (
    ChildrensWords,
    Wrapped,
    learn_secrets,
    listen_to_addresses,
    listen_to_answers,
    listen_to_exceptions,
    listen_to_logs,
    listen_to_metrics,
)

MARK = "lets_out"
MOST_SHOWN = 5
LONGEST = 600


class Watch:
    """For one process of a test run. `heard` counts the texts that were looked at."""

    def __init__(self) -> None:
        self.canaries = Canaries(fixture_phrases())
        self.heard: dict[str, int] = {}
        self.leaks: list[str] = []
        self._busy = False
        self._wrapped = Wrapped()
        self._children = ChildrensWords(self._wrapped, self.seen)

    def start(self) -> None:
        listen_to_logs(self._wrapped, self.seen)
        listen_to_exceptions(self._wrapped, self.seen)
        listen_to_addresses(self._wrapped, self.seen)
        listen_to_answers(self._wrapped, self.seen)
        listen_to_metrics(self._wrapped, self.seen)
        learn_secrets(self._wrapped, lambda key: self.canaries.watch("a key", key), self.canaries.watch_token)

    def stop(self) -> None:
        self._children.close()
        self._wrapped.undo()

    def seen(self, where: str, text: str) -> None:
        """Somebody is about to say this."""
        if self._busy:
            return
        with self._alone():
            self.heard[where] = self.heard.get(where, 0) + 1
            self.leaks += [f"{what} in {where}: {text[:LONGEST]}" for what in self.canaries.found_in(text)]

    def take(self) -> list[str]:
        """What has come out since the last time."""
        self._children.look()
        leaks, self.leaks = self.leaks, []
        return leaks

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False


WATCH: pytest.StashKey[Watch] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{MARK}(why): this test lets canaries out on purpose")
    watch = config.stash[WATCH] = Watch()
    watch.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if (watch := config.stash.get(WATCH, None)) is not None:
        watch.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What came out in a test, its fixtures included, makes its last report a failure."""
    report = yield
    if report.when == "teardown":
        leaks = list(dict.fromkeys(item.config.stash[WATCH].take()))
        if leaks and item.get_closest_marker(MARK) is None:
            shown = "\n".join(leaks[:MOST_SHOWN])
            report.outcome = "failed"
            report.longrepr = f"{len(leaks)} canaries came out:\n{shown}\n\n{report.longrepr or ''}".rstrip()
    return report


@pytest.fixture
def canary_watch(request: pytest.FixtureRequest) -> Watch:
    """The one of this process, for tests of it."""
    return request.config.stash[WATCH]
