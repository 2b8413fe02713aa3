"""A web of servers that misbehave, each on a loopback address of its own, written on bare sockets.

A fault is a coroutine that is given the connection after the request's head was read, and does to it whatever no
well-meaning library would do. Every connection and every request is logged: what a crawler did not ask for is as
telling as what it did.
"""

import asyncio
import socket
import ssl
import struct
import threading
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NO_RULES = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Peer:
    """The crawler's end of one connection, and what it asked for."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    target: str = ""
    host: str = ""

    async def send(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def page(self, body, *headers, status="200 OK", length=None):
        """An answer that is right in every respect but those that the arguments change."""
        given = [b"HTTP/1.1 " + status.encode(), b"Content-Type: text/html; charset=utf-8"]
        given += [header if isinstance(header, bytes) else header.encode() for header in headers]
        given += [f"Content-Length: {len(body) if length is None else length}".encode()]
        await self.send(b"\r\n".join([*given, b"", b""]) + body)

    async def hang(self):
        """Until the crawler has had enough."""
        while await self.reader.read(65536):
            pass

    async def repeat(self, piece, pause_s=0.0):
        """Without an end."""
        while True:
            await self.send(piece)
            await asyncio.sleep(pause_s)

    def reset(self):
        """Not a polite end of the connection but a RST."""
        linger = struct.pack("ii", 1, 0)
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.writer.transport.abort()


Answer = Callable[[Peer], Awaitable[None]]


class HostileWeb:
    """Servers on 127.0.x.y (Linux listens on all of 127.0.0.0/8), one loop in one thread.

    Attributes:
        requests: address -> targets asked for, in order.
        connections: address -> how many were made.
    """

    def __init__(self):
        self.requests = defaultdict(list)
        self.connections = defaultdict(int)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._servers = []
        self._tasks = set()
        self._given = 0

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def address(self):
        """A loopback address that nobody else here has."""
        self._given += 1
        return f"127.0.{1 + self._given // 200}.{1 + self._given % 200}"

    def serve(self, answer, *, address="", port=0, tls=None, raw=False):
        """Start one server; returns (address, port).

        Args:
            answer: what it does with a connection.
            address: to listen on.
            port: likewise; 0 for any.
            tls: context of the server's side.
            raw: the answer gets the connection at once, nothing is read before.
        """
        address = address or self.address()
        made = asyncio.run_coroutine_threadsafe(self._serve(answer, address, port, tls, raw), self._loop)
        return address, made.result(10)

    async def _serve(self, answer, address, port, tls, raw):
        async def connected(reader, writer):
            self.connections[address] += 1
            task = asyncio.current_task()
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            peer = Peer(reader, writer)
            # A crawler that hangs up, and a server that is stopped, are what the faults are about.
            with suppress(OSError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._converse(peer, answer, address, raw=raw)
            writer.transport.abort()

        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        bound = listening.getsockname()[1]
        handshake = {"ssl_handshake_timeout": 10} if tls else {}
        server = await asyncio.start_server(connected, sock=listening, ssl=tls, **handshake)
        self._servers.append(server)
        return bound

    async def _converse(self, peer, answer, address, *, raw):
        if not raw:
            head = await peer.reader.readuntil(b"\r\n\r\n")
            peer.target = head.split(b" ", 2)[1].decode("latin-1")
            peer.host = next(
                (line[5:].strip().decode() for line in head.split(b"\r\n") if line.lower().startswith(b"host:")), ""
            )
            self.requests[address].append(peer.target)
        await answer(peer)
        with suppress(OSError, RuntimeError):
            peer.writer.close()
            await asyncio.wait_for(peer.writer.wait_closed(), 5)

    async def _stop(self):
        for server in self._servers:
            server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for _ in range(3):  # aborted transports close their sockets in the loop's next rounds
            await asyncio.sleep(0)


def without_robots(answer):
    """The fault for every page; robots.txt is honestly missing."""

    async def answered(peer):
        await (peer.send(NO_RULES) if peer.target == "/robots.txt" else answer(peer))

    return answered


def tunnel_to(port_of):
    """A proxy that answers CONNECT; ``port_of`` maps "name:port" to the (address, port) where the server really is."""

    async def answered(peer):
        far_reader, far_writer = await asyncio.open_connection(*port_of[peer.target])
        try:
            await peer.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            pumps = [_pump(peer.reader, far_writer), _pump(far_reader, peer.writer)]
            tasks = [asyncio.ensure_future(pump) for pump in pumps]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            far_writer.transport.abort()

    return answered


async def _pump(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


class Authority:
    """Signs certificates, good and bad ones, and keeps them in files."""

    def __init__(self, folder, name="Invented Authority"):
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._signed(self.key.public_key(), self.name, self.name, self.key, authority=True)
        self.bundle = folder / "authority.pem"
        self.bundle.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, address, *, names="", days=(-1, 30), self_signed=False):
        """The server's side of TLS for an address; ``names`` is whom the certificate is for instead."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names or address)])
        issuer, signer = (subject, key) if self_signed else (self.name, self.key)
        certificate = self._signed(key.public_key(), subject, issuer, signer, address=names or address, days=days)
        file = self.folder / f"{address}-{len(list(self.folder.iterdir()))}.pem"
        file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    @staticmethod
    def _signed(key, subject, issuer, signer, *, address="", days=(-1, 30), authority=False):
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
            .not_valid_before(now + timedelta(days=days[0]))
            .not_valid_after(now + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if address:
            builder = builder.add_extension(x509.SubjectAlternativeName([_general_name(address)]), critical=False)
        return builder.sign(signer, hashes.SHA256())


def _general_name(address):
    try:
        return x509.IPAddress(ip_address(address))
    except ValueError:
        return x509.DNSName(address)
