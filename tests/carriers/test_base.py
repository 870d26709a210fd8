import pytest

from telephony.audio.format import PCMU_8K
from telephony.carriers.base import Answer, AudioReceived, DtmfReceived, IncomingCall, LegStatus, StreamStarted


@pytest.mark.parametrize("status", LegStatus)
def test_a_leg_is_over_when_the_carrier_says_how_it_ended(status: LegStatus) -> None:
    going_on = {LegStatus.QUEUED, LegStatus.INITIATED, LegStatus.RINGING, LegStatus.ANSWERED}
    assert status.final is (status not in going_on)


def test_numbers_keys_tokens_words_and_sound_do_not_show_in_a_repr() -> None:
    private = [
        IncomingCall("CA1", "+12025550111", "+12025550100"),
        Answer("7", "quisiera una cita"),
        DtmfReceived("7"),
        StreamStarted("CA1", "MZ1", {"token": "secret"}, PCMU_8K),
        AudioReceived(b"secret", 1, 20),
    ]
    shown = repr(private)
    assert not any(secret in shown for secret in ("555", "cita", "7", "secret"))
    assert "CA1" in shown
