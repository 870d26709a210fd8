"""Ephemeral tokens: what lets a browser or a phone's app open a Live Translate session without our key.

Made by google-genai's `auth_tokens.create`; rules: ai.google.dev/gemini-api/docs/ephemeral-tokens and the reference of
AuthToken. A locked token carries a whole setup and no field mask: it replaces the one that its client sends. An
unlocked one carries only what a client is never to choose (`lock_additional_fields: []` makes a mask of just that). The
SDK and the guide of Live Translate say that tokens exist in v1alpha only; the newer page about tokens says v1beta.
"""

import ssl
import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from google import genai
from google.genai import errors, types

from telephony.engines.base import SessionRefused, Trouble
from telephony.engines.gemini.config import LiveConfig
from telephony.engines.gemini.messages import trouble_of

GOOGLE = "https://generativelanguage.googleapis.com"
MINT_WITHIN_MS = 8000
LOST = (errors.APIError, aiohttp.ClientError, OSError, TimeoutError)
UNREADABLE = (ValueError, TypeError, KeyError)
"""What the SDK raises for an answer that is no token."""


class GeminiTokens:
    """One SDK client that asks for tokens. `browser_url`: where their clients find the Live API, if not where we do."""

    def __init__(
        self,
        api_key: str,
        config: LiveConfig,
        *,
        api_version: str = "v1alpha",
        base_url: str | None = None,
        certificates: Path | None = None,
        browser_url: str | None = None,
    ) -> None:
        self._config = config
        self._api_version = api_version
        self._served_at = (browser_url or base_url or GOOGLE).rstrip("/")
        trusted = {"ssl": ssl.create_default_context(cafile=certificates)} if certificates else {}
        self._client = genai.Client(
            api_key=api_key,
            vertexai=False,
            http_options=types.HttpOptions(
                base_url=base_url, api_version=api_version, timeout=MINT_WITHIN_MS, async_client_args=trusted
            ),
        )

    @property
    def model(self) -> str:
        """What a client's setup names as its model."""
        return f"models/{self._config.model}"

    @property
    def address(self) -> str:
        """The websocket a token is for; it goes there as `?access_token=` (ai.google.dev/api/live)."""
        service = f"google.ai.generativelanguage.{self._api_version}.GenerativeService"
        return f"{self.origin}/ws/{service}.BidiGenerateContentConstrained"

    @property
    def origin(self) -> str:
        """Where that is, as a page's Content-Security-Policy has to allow it."""
        return "ws" + self._served_at.removeprefix("http")

    async def mint(
        self,
        target_language: str | None,
        *,
        echo: bool,
        uses: int,
        expires: datetime,
        new_sessions_until: datetime,
    ) -> str:
        """A token; without a target language its client chooses that, and the echo. Raises SessionRefused."""
        config = types.CreateAuthTokenConfig(
            uses=uses,
            expire_time=expires,
            new_session_expire_time=new_sessions_until,
            live_connect_constraints=self._constraints(target_language, echo),
            lock_additional_fields=[] if target_language is None else None,
        )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", errors.ExperimentalWarning)
                asked = self._client.aio.auth_tokens.create(config=config)
            token: types.AuthToken = await asked
        except (*LOST, *UNREADABLE) as refused:
            raise SessionRefused(*_explained(refused)) from None
        if not token.name:
            raise SessionRefused(Trouble.UNFIT, "the answer held no token")
        return token.name

    async def close(self) -> None:
        await self._client.aio.aclose()

    def _constraints(self, target_language: str | None, echo: bool) -> types.LiveConnectConstraints:
        chosen = {"response_modalities": ["AUDIO"]} if target_language is None else self._whole(target_language, echo)
        return types.LiveConnectConstraints(
            model=self._config.model, config=types.LiveConnectConfig.model_validate(chosen)
        )

    def _whole(self, target_language: str, echo: bool) -> dict[str, Any]:
        """A whole setup, with the handle of a resumed session left to the client."""
        setup = self._config.session(target_language)
        setup["translation_config"]["echo_target_language"] = echo
        return {**setup, "session_resumption": {}}


def _explained(failure: BaseException) -> tuple[Trouble, str]:
    """Why there is no token, and the service's own words for it."""
    match failure:
        case errors.APIError(code=int(code)):
            said = str(failure.message or failure.status or "")
            trouble = trouble_of(code, said)
            wrong = code == 400 and trouble is Trouble.UNREACHABLE
            return Trouble.SETUP if wrong else trouble, f"answered with HTTP {code}: {said}"[:200]
        case aiohttp.ClientConnectorCertificateError():
            return Trouble.UNREACHABLE, "its certificate is not trusted"
        case TimeoutError():
            return Trouble.TIMED_OUT, "no answer in time"
    return Trouble.UNREACHABLE, type(failure).__name__
