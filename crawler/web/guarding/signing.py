"""Small texts that only we can have written: cookies and the tokens in forms.

Why our own few lines over `hmac` and not a package: a text, a moment and a digest are all that is needed. The key comes
from the site's token, so that sessions outlive a restart and hold on every machine behind one name; without a token it
is random, and sessions end with the process.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

_DIGEST = 32


class Signer:
    """Signs texts for one purpose each; a signature for one purpose is none for another.

    Args:
        secret: the site's token; empty: a random key.
    """

    def __init__(self, secret: str = "") -> None:
        self._key = hashlib.sha256(b"dateline web\0" + secret.encode()).digest() if secret else secrets.token_bytes(32)

    def sign(self, purpose: str, text: str) -> str:
        """The text with its signature, in letters, digits, ``-``, ``_`` and ``.``."""
        return f"{_encoded(text.encode('utf-8', 'replace'))}.{_encoded(self._digest(purpose, text))}"

    def read(self, purpose: str, signed: str) -> str | None:
        """The text, if we signed it for this purpose; whatever is given."""
        body, _, signature = signed.partition(".")
        content, digest = _decoded(body), _decoded(signature)
        if content is None or digest is None or len(digest) != _DIGEST:
            return None
        text = content.decode("utf-8", "replace")
        return text if hmac.compare_digest(self._digest(purpose, text), digest) else None

    def _digest(self, purpose: str, text: str) -> bytes:
        return hmac.new(self._key, f"{purpose}\0{text}".encode("utf-8", "replace"), hashlib.sha256).digest()


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
