"""Tell the service manager that started us how we are: a datagram to the socket that ``NOTIFY_SOCKET`` names.

Why own code: the protocol of systemd is one line of text to a socket; a package for it would be larger than this file.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress

READY = "READY=1"
WATCHDOG = "WATCHDOG=1"
STOPPING = "STOPPING=1"


def tell_service(*lines: str) -> None:
    """Send ``READY=1`` and the like; without a service manager, or one that does not listen, nothing happens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.sendto("\n".join(lines).encode(), address.replace("@", "\0", 1) if address[0] == "@" else address)
