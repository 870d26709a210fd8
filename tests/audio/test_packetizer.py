"""Packets of one exact size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.audio.packetizer import Packetizer


@given(st.integers(1, 50), st.lists(st.binary(max_size=120)))
def test_whatever_the_chunks_the_packets_are_exact_and_nothing_is_lost(size: int, chunks: list[bytes]) -> None:
    packetizer = Packetizer(size)
    packets = []
    for chunk in chunks:
        packets += packetizer.push(chunk)
        assert packetizer.held < size
    held = packetizer.held
    last = packetizer.flush(b"\0")
    assert all(len(packet) == size for packet in packets)
    assert b"".join(packets) + (last or b"")[:held] == b"".join(chunks)
    assert (last is None) == (held == 0)


def test_the_last_packet_is_filled_up_with_the_pad_as_often_as_it_takes() -> None:
    packetizer = Packetizer(8)
    packetizer.push(b"abc")
    assert packetizer.flush(b"12") == b"abc12121"
    assert packetizer.held == 0


def test_nothing_held_leaves_no_last_packet() -> None:
    assert Packetizer(8).flush(b"\0") is None


def test_clear_forgets_what_is_held() -> None:
    packetizer = Packetizer(4)
    packetizer.push(b"abc")
    packetizer.clear()
    assert packetizer.push(b"defg") == [b"defg"]


def test_a_packet_has_at_least_one_byte() -> None:
    with pytest.raises(ValueError, match="expected at least 1"):
        Packetizer(0)
