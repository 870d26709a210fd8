"""A leg's line over several streams: put right, without tones, and counted as one."""

from telephony.audio import g711
from telephony.audio.incoming import IncomingLine
from tests.audio.test_dtmf import tone
from tests.fakes import hum

HUM = g711.encode(hum(500.0, 0.1))


def frames(sound: bytes) -> list[bytes]:
    return [sound[at : at + 160] for at in range(0, len(sound), 160)]


def test_what_overtook_is_put_right_and_a_key_told_of_leaves_no_sound() -> None:
    line, now, out = IncomingLine(), 10.0, bytearray()
    key = g711.encode(tone(770.0, 1336.0, 0.1))
    sent = list(enumerate(frames(HUM + key + HUM), start=1))
    sent[1], sent[2] = sent[2], sent[1]
    line.begin()
    for place, (chunk, frame) in enumerate(sent):
        if place == 6:
            line.key(now)
        out += b"".join(line.audio(frame, chunk, 20 * chunk, now))
        now += 0.02
    assert bytes(out) == HUM + g711.SILENCE * 800 + g711.SILENCE * 160 + HUM[160:]
    figures = line.figures(now)
    assert (figures.out_of_order, figures.blanked_ms, figures.heard_ms) == (1, 120.0, 300.0)


def test_a_second_stream_is_numbered_anew_and_the_figures_go_on() -> None:
    line, now, used = IncomingLine(), 0.0, 0
    for _ in range(2):
        line.begin()
        for chunk, frame in [*enumerate(frames(HUM), start=1), (5, HUM[-160:])]:
            used += len(line.audio(frame, chunk, 20 * chunk, now))
            now += 0.02
        now += 5.0
    line.begin()
    figures = line.figures(now)
    assert (used, figures.doubled, figures.heard_ms, figures.renumbered) == (10, 2, 200.0, 0)
    assert figures.stops == 0
