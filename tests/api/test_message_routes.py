from datetime import timedelta

from telephony.audio import wav
from telephony.audio.format import PCMU_8K
from telephony.records.store.messages import Message
from telephony.records.store.tokens import Scope
from tests.api.house import NOON, ApiHouse

SOUND = bytes(range(256)) * 40


def message(number: int, sound: str = "messages/one.wav") -> Message:
    return Message(
        id=f"{number:032x}",
        call=f"{number:032x}",
        line="house",
        language="es",
        began=NOON + timedelta(minutes=number),
        seconds=1.28,
        sound=sound,
        heard="hola",
        interpreted="hello",
        interpreted_language="en",
    )


async def test_messages_come_newest_first_and_page_by_page(house: ApiHouse) -> None:
    for number in (1, 2, 3):
        await house.office.store.messages.keep(message(number))
    _, newest = await house.ask("GET", "/api/messages?limit=2", scope=Scope.CALL)
    assert [int(one["id"], 16) for one in newest["messages"]] == [3, 2]
    assert newest["messages"][0]["heard"] == "hola"
    _, older = await house.ask("GET", "/api/messages", params={"before": newest["messages"][-1]["began"]})
    assert [int(one["id"], 16) for one in older["messages"]] == [1]


async def test_where_its_file_is_stands_in_no_message(house: ApiHouse) -> None:
    await house.office.store.messages.keep(message(1))
    assert "one.wav" not in str(await house.ask("GET", "/api/messages"))


async def test_the_sound_of_a_message_is_a_wav_file(house: ApiHouse) -> None:
    (house.data_dir / "messages").mkdir()
    wav.write(house.data_dir / "messages" / "one.wav", SOUND, PCMU_8K)
    await house.office.store.messages.keep(message(1))
    answer = await house.raw("GET", f"/api/messages/{1:032x}/sound", scope=Scope.CALL)
    assert (answer.status, answer.content_type) == (200, "audio/wav")
    assert SOUND in await answer.read()


async def test_a_sound_that_is_not_there_is_not_found(house: ApiHouse) -> None:
    await house.office.store.messages.keep(message(1))
    for number in (1, 2):
        assert (await house.ask("GET", f"/api/messages/{number:032x}/sound"))[0] == 404


async def test_a_sound_outside_of_the_data_folder_is_not_given_out(house: ApiHouse) -> None:
    outside = house.data_dir.parent / f"{house.data_dir.name}-outside.wav"
    outside.write_bytes(b"private")
    for number, name in enumerate((f"../{outside.name}", str(outside))):
        await house.office.store.messages.keep(message(number, name))
        assert (await house.ask("GET", f"/api/messages/{number:032x}/sound"))[0] == 404
