"""Does sound stand where it was put?"""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.audio.echo_line import EchoLine, Samples


def counted(first: int, last: int) -> Samples:
    """Each sample its own number, and none of them 0."""
    return np.arange(first, last, dtype=np.float32) % 1000 + 1


def test_what_was_put_is_found_under_its_number() -> None:
    line = EchoLine(1000)
    line.put(counted(5000, 5160), 5000)
    line.put(counted(5160, 5320), 5160)
    assert line.end == 5320
    assert np.array_equal(line.between(5100, 5200), counted(5100, 5200))


def test_what_was_never_put_is_silence() -> None:
    line = EchoLine(1000)
    assert not line.between(-500, 500).any()
    line.put(counted(5000, 5160), 5000)
    line.put(counted(5400, 5560), 5400)
    assert not line.between(5160, 5400).any()
    assert not line.between(5560, 9000).any()
    assert not line.between(3000, 5000).any()


def test_a_long_silence_forgets_what_was_before() -> None:
    line = EchoLine(1000)
    line.put(counted(0, 160), 0)
    line.put(counted(100_000, 100_160), 100_000)
    assert np.array_equal(line.between(100_000, 100_160), counted(100_000, 100_160))
    assert not line.between(99_000, 100_000).any()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 700), st.integers(1, 160)), min_size=1, max_size=80), st.integers(-9, 10**9))
def test_as_much_is_kept_as_was_promised(pieces: list[tuple[int, int]], start: int) -> None:
    line, whole, at = EchoLine(1000), {}, start
    for gap, size in pieces:
        at += gap
        line.put(counted(at, at + size), at)
        whole.update(dict(zip(range(at, at + size), counted(at, at + size), strict=True)))
        at += size
    expected = [whole.get(number, 0.0) for number in range(line.end - 1000, line.end)]
    assert line.between(line.end - 1000, line.end).tolist() == expected
