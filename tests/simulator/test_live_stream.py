import numpy as np
import pytest

from telephony.simulator.live_api.stream import Arrivals, Tail


def test_the_last_seconds_stay_under_their_own_numbers() -> None:
    tail = Tail(1.0, 100)
    for block in range(25):
        tail.add(np.full(30, block, dtype=np.float32))

    assert tail.end == 750
    assert tail.start <= 650
    assert tail.part(690, 693).tolist() == [23, 23, 23]
    assert tail.part(719, 721).tolist() == [23, 24]


def test_a_sample_arrived_with_its_chunk() -> None:
    arrivals = Arrivals()
    arrivals.add(1.0, 1600)
    arrivals.add(1.1, 1600)
    arrivals.add(1.3, 320)

    assert [arrivals.at(sample) for sample in (-5, 0, 1599, 1600, 3199, 3200)] == [1.0, 1.0, 1.0, 1.1, 1.1, 1.3]
    assert arrivals.log() == [(1.0, 1600), (1.1, 3200), (1.3, 3520)]


def test_a_sample_still_to_come_has_no_time() -> None:
    arrivals = Arrivals()
    arrivals.add(1.0, 1600)
    with pytest.raises(IndexError):
        arrivals.at(1600)
