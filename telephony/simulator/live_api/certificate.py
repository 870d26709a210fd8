"""A certificate authority for one run, and a certificate for loopback: the unmodified SDK only speaks TLS.

Python 3.13 checks with VERIFY_X509_STRICT: the authority's certificate needs a key usage (RFC 5280, section 4.2.1.3).
trustme's has one.
"""

import ssl
from pathlib import Path

import trustme

_NAMES = ("localhost", "127.0.0.1", "::1")


def issue(host: str, ca_pem: Path) -> ssl.SSLContext:
    """A server's context for `host` and every name of loopback; what to trust is written to `ca_pem`."""
    authority = trustme.CA(organization_name="telephony simulator")
    certificate = authority.issue_cert(*dict.fromkeys((host, *_NAMES)))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    authority.cert_pem.write_to_path(str(ca_pem))
    return context
