from telephony.calls.observer import Role
from telephony.records.recording import sound_of
from telephony.records.store.recordings import Recording
from telephony.records.store.tokens import Scope
from tests.api.house import NOON, ApiHouse

CALL = "5e" * 16
SOUND = b"\x31\x32\x33\x34" * 160


def path(call: str = CALL) -> str:
    return f"/api/calls/{call}/recording"


async def recorded(house: ApiHouse) -> None:
    """A second of a caller, kept."""
    talk = house.office.sounds.record(CALL)
    for _ in range(50):
        talk.said(Role.CALLER, b"\x31" * 160, house.times.now)
    talk.end()
    await house.office.sounds.close()
    await house.office.store.recordings.begin(CALL, NOON, sound_of(CALL))


async def test_a_recording_is_a_wav_file(house: ApiHouse) -> None:
    await recorded(house)
    answer = await house.raw("GET", path(), scope=Scope.CALL)
    assert (answer.status, answer.content_type, answer.headers["Cache-Control"]) == (200, "audio/wav", "no-store")
    assert await answer.read() == (house.data_dir / sound_of(CALL)).read_bytes()


async def test_a_part_of_it_can_be_asked_for(house: ApiHouse) -> None:
    await recorded(house)
    answer = await house.raw("GET", path(), headers={"Range": "bytes=0-3"})
    assert (answer.status, await answer.read()) == (206, b"RIFF")


async def test_one_who_only_watches_does_not_hear_it(house: ApiHouse) -> None:
    await recorded(house)
    assert (await house.raw("GET", path(), scope=Scope.READ)).status == 403


async def test_a_call_that_was_not_recorded_has_none(house: ApiHouse) -> None:
    status, problem = await house.ask("GET", path())
    assert status == 404
    assert "both parties have to agree" in problem["detail"]


async def test_a_file_that_is_gone_is_not_found(house: ApiHouse) -> None:
    await house.office.store.recordings.end(Recording(CALL, NOON, sound_of(CALL), 1.0, NOON))
    assert (await house.ask("GET", path()))[0] == 404


async def test_a_file_outside_of_the_data_folder_is_not_given_out(house: ApiHouse) -> None:
    outside = house.data_dir.parent / f"{house.data_dir.name}-outside.wav"
    outside.write_bytes(SOUND)
    for number, name in enumerate((f"../{outside.name}", str(outside))):
        call = f"{number:032x}"
        await house.office.store.recordings.begin(call, NOON, name)
        assert (await house.ask("GET", path(call)))[0] == 404
