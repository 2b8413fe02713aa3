"""Invented names and places for a process of the tests: DATELINE_TEST_NAMES names a JSON file.

``names``: host -> the answers of the DNS, one list of addresses per question, the last one for good; ``~7`` is no
answer, after seven seconds.
``places``: public address -> the loopback address where its server really stands; the socket says it is the former.
"""

import json
import os
import socket
import threading
import time
from pathlib import Path

_FILE = os.environ.get("DATELINE_TEST_NAMES")
_WORLD = json.loads(Path(_FILE).read_text()) if _FILE else {"names": {}, "places": {}}
_STOOD_FOR = {real: invented for invented, real in _WORLD["places"].items()}
_LOCK = threading.Lock()
_getaddrinfo, _connect_ex, _getpeername = socket.getaddrinfo, socket.socket.connect_ex, socket.socket.getpeername


def _answers(host, port, family=0, type=0, proto=0, flags=0):  # noqa: A002 - the signature that it stands for
    name = host.decode() if isinstance(host, bytes) else host
    if name not in _WORLD["names"]:
        return _getaddrinfo(host, port, family, type, proto, flags)
    with _LOCK:
        turns = _WORLD["names"][name]
        addresses = turns.pop(0) if len(turns) > 1 else turns[0]
    if addresses[0].startswith("~"):
        time.sleep(float(addresses[0][1:]))
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")
    return [_place(address, port) for address in addresses]


def _place(address, port):
    if ":" in address:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))


def _connect(self, address):
    return _connect_ex(self, (_WORLD["places"].get(address[0], address[0]), *address[1:]))


def _peer(self):
    host, *rest = _getpeername(self)
    return (_STOOD_FOR.get(host, host), *rest)


socket.getaddrinfo = _answers
socket.socket.connect_ex = _connect
socket.socket.getpeername = _peer
