"""Asking the running service by its HTTP API, as a command does: with the token and the address of the settings."""

from types import TracebackType
from typing import Any

import aiohttp
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ANSWER_WITHIN = 10.0


class ApiSettings(BaseSettings):
    """Where the service is and who asks, from the environment or `.env`."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True, str_strip_whitespace=True
    )

    token: SecretStr | None = Field(default=None, validation_alias="TELEPHONY_API_TOKEN")
    url: str = Field(default="http://127.0.0.1:8080", validation_alias="TELEPHONY_API_URL")


class Refused(Exception):
    """What was asked is not done. `str()` is the service's own words: what is wrong and what to do."""


class Unreachable(Exception):
    """Nobody answers there, or somebody else."""


class ApiClient:
    """To be entered; asks one thing at a time."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "ApiClient":
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def ask(
        self, verb: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """The JSON of a good answer, {} where it has none. Raises Refused and Unreachable."""
        if self._session is None:
            raise RuntimeError("an ApiClient is entered before it asks")
        sent = self._headers | (headers or {})
        try:
            async with self._session.request(
                verb, f"{self._url}/api{path}", json=body, headers=sent, allow_redirects=False
            ) as answer:
                told = await answer.json(content_type=None) if await answer.read() else {}
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as failure:
            raise Unreachable(type(failure).__name__) from None
        if not isinstance(told, dict):
            raise Unreachable("no answer of this API")
        if status >= 400:
            raise Refused(str(told.get("detail") or f"status {status}"))
        return told
