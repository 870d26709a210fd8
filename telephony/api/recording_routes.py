"""Recordings of calls. They hold what was said, so they need more than a token that only watches."""

from telephony.api.call_routes import WhichCall
from telephony.api.desk import Archive
from telephony.api.problem import Problem
from telephony.api.route import SoundFile, route
from telephony.records.store.tokens import Scope


class RecordingRoutes:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    @route("GET", "/calls/{call}/recording", Scope.CALL, problems=(503,))
    async def get_call_recording(self, path: WhichCall) -> SoundFile:
        """What was said and heard in a call whose parties have agreed to it, as a WAV file.

        Mu-law, 8 kHz, four channels: said by the caller, said by the agent, heard by the caller, heard by the agent.
        Of a call that runs, what there is by now. Seconds that could not be kept are silence.
        """
        if (file := await self._archive.recording(path.call)) is None:
            raise Problem(404, "there is no recording of a call of that id: both parties have to agree to one")
        return SoundFile(file)
