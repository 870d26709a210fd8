import ssl
from pathlib import Path

import pytest

from telephony.simulator.live_api.certificate import issue


def handshake(server: ssl.SSLContext, ca_pem: Path, name: str, flags: ssl.VerifyFlags) -> None:
    """A TLS handshake in memory. Raises ssl.SSLError where the client does not trust the server."""
    client = ssl.create_default_context(cafile=str(ca_pem))
    client.verify_flags |= flags
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname=name),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    while ends:
        for end in list(ends):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            ends.remove(end)


def test_a_client_that_checks_strictly_trusts_every_name_of_loopback(tmp_path: Path) -> None:
    server = issue("127.0.0.1", tmp_path / "ca.pem")
    for name in ("127.0.0.1", "localhost", "::1"):
        handshake(server, tmp_path / "ca.pem", name, ssl.VerifyFlags.VERIFY_X509_STRICT)


def test_two_runs_share_no_authority(tmp_path: Path) -> None:
    issue("127.0.0.1", tmp_path / "one.pem")
    server = issue("127.0.0.1", tmp_path / "other.pem")
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(server, tmp_path / "one.pem", "127.0.0.1", ssl.VerifyFlags.VERIFY_DEFAULT)
