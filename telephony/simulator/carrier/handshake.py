"""Opening a media stream's websocket, and which error a failure is (twilio.com/docs/api/errors/31901 and the next)."""

import asyncio

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorSSLError,
    ClientError,
    ClientWebSocketResponse,
    ClientWSTimeout,
    WSServerHandshakeError,
)
from yarl import URL

from telephony.simulator.carrier.exchange import Exchange
from telephony.simulator.carrier.signing import HEADER, Signer
from telephony.simulator.carrier.stream_url import HANDSHAKE, StreamError, check_url

TIMED_OUT = 31901
REFUSED = 31902
TLS = 31910

_LARGEST = 16 * 1024 * 1024
_SECONDS = 10.0


async def open_socket(exchange: Exchange, url: str) -> ClientWebSocketResponse:
    """Connect to `url` as it stands in the TwiML, signed. Raises StreamError."""
    check_url(url, allow_ws=exchange.allow_ws)
    try:
        async with asyncio.timeout(_SECONDS):
            return await exchange.streams.ws_connect(
                URL(url, encoded=True),
                headers={HEADER: _signer(exchange).stream(url)},
                max_msg_size=_LARGEST,
                timeout=ClientWSTimeout(ws_close=2.0),
            )
    except WSServerHandshakeError as error:
        raise StreamError(HANDSHAKE, f"WebSocket - Handshake Error (HTTP {error.status})") from None
    except TimeoutError:
        raise StreamError(TIMED_OUT, "WebSocket - Connection Timeout") from None
    except (ClientConnectorSSLError, ClientConnectorCertificateError):
        raise StreamError(TLS, "WebSocket - SSL Protocol Error") from None
    except (ClientError, OSError) as error:
        raise StreamError(REFUSED, f"WebSocket - Connection Refused ({type(error).__name__})") from None


def _signer(exchange: Exchange) -> Signer:
    return Signer("not the token") if exchange.faults.forged_streams else exchange.signer
