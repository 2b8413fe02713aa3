"""What servers do to crawlers, one coroutine each, with the outcome that has to be stored."""

import asyncio
import gzip
import random
import zlib
from dataclasses import dataclass
from functools import partial

import brotli
import zstandard
from hostile_server import without_robots

from crawler.demo.bulk import bulk_sites
from crawler.demo.site import Request

PROSE = next(iter(bulk_sites(hosts=1, pages=9))).fallback
STORY = PROSE(Request(method="GET", host="paper-000.bulk.example", target="/news/0.html")).body
TIMEOUT_S = 4.0
"""What the crawl grants one request."""
BOMB_BYTES = 64 << 20
"""What a bomb unfolds to: 64 times the limit of the tests' library, and more than a crawl may grow by."""


@dataclass(frozen=True)
class Fault:
    """What a server does, and which outcomes are right."""

    answer: object
    outcome: str
    robots_too: bool = False


async def hang(peer):
    await peer.hang()


async def hang_in_the_body(peer):
    await peer.page(STORY[:500], length=len(STORY))
    await peer.hang()


async def drip_the_headers(peer):
    await peer.send(b"HTTP/1.1 200 OK\r\n")
    await peer.repeat(b"X-A: b\r\n", 0.1)


async def drip_the_body(peer):
    await peer.page(STORY[:100], length=len(STORY))
    await peer.repeat(b"x", 0.1)


async def reset(peer):
    peer.reset()


async def reset_in_the_body(peer):
    await peer.page(STORY[:500], length=len(STORY))
    await asyncio.sleep(0.2)
    peer.reset()


async def close_without_a_word(peer):
    peer.writer.close()


async def say(peer, *, data):
    await peer.send(data)


async def announce(peer, *, headers=(), body=STORY, length=None, status="200 OK"):
    await peer.page(body, *headers, length=length, status=status)


async def send_forever(peer, *, head, piece):
    await peer.send(head)
    await peer.repeat(piece)


async def count_headers(peer):
    await peer.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        await peer.send(b"X-Header-%d: a value\r\n" % number)
    await peer.send(b"\r\n" + STORY)


async def redirect_forever(peer):
    await peer.page(b"", f"Location: /{random.randrange(10**9)}", status="302 Found")  # noqa: S311


async def redirect_slowly(peer):
    await asyncio.sleep(0.8 * TIMEOUT_S)
    await redirect_forever(peer)


async def redirect_to_a_missing_page(peer):
    if peer.target == "/story":
        await peer.page(b"", b"Location: /caf\xe9\xff\x01?\xf0=\x7f", status="302 Found")
    else:
        await peer.page(b"Nothing here", status="404 Not Found")


async def long_robots(peer, *, length=True):
    """A robots.txt of 20 MB: the first part is no rule at all, nor is what lies behind the 500 KiB that count."""
    if peer.target != "/robots.txt":
        await peer.page(STORY)
        return
    rules = b"# nothing\n" * 60_000 + b"User-agent: *\nDisallow: /\n" + b"# nothing\n" * 2_000_000
    await peer.page(rules, length=None if length else len(rules))


async def strict_long_robots(peer):
    rules = b"User-agent: *\nDisallow: /\n" + b"# nothing\n" * 2_000_000
    await peer.page(rules if peer.target == "/robots.txt" else STORY)


def layers(*packers, body=b"\0" * BOMB_BYTES):
    for pack in packers:
        body = pack(body)
    return body


def packed(coding, body):
    return Fault(partial(announce, headers=(f"Content-Encoding: {coding}",), body=body), "too_large")


def broken(coding):
    body = b"This was never packed. " * 40
    return Fault(partial(announce, headers=(f"Content-Encoding: {coding}",), body=body), "bad_response")


def answering(outcome, *lines, body=STORY):
    head = b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    return Fault(partial(say, data=head + b"\r\n\r\n" + body), outcome)


def moved(location, outcome):
    return Fault(partial(announce, headers=(location,), body=b"", status="302 Found"), outcome)


def chunk(data, extension=b""):
    return b"%x%s\r\n%s\r\n" % (len(data), extension, data)


OK, HTML, CHUNKED = "HTTP/1.1 200 OK", "Content-Type: text/html", "Transfer-Encoding: chunked"
CHUNKED_STORY = chunk(STORY) + b"0\r\n\r\n"
CHUNKED_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
STATUS_AND = b"HTTP/1.1 200 OK\r\n"

FAULTS = {
    # -- time
    "says nothing": Fault(hang, "timeout"),
    "stops in the body": Fault(hang_in_the_body, "timeout"),
    "drips headers": Fault(drip_the_headers, "timeout"),
    "drips the body": Fault(drip_the_body, "timeout"),
    # -- the connection
    "resets": Fault(reset, "connection"),
    "resets in the body": Fault(reset_in_the_body, "bad_response"),
    "closes without a word": Fault(close_without_a_word, "connection"),
    # -- length
    "announces more than it sends": Fault(partial(announce, length=len(STORY) + 99, body=STORY[:400]), "bad_response"),
    "sends more than it announces": answering(
        "fetched", OK, HTML, f"Content-Length: {len(STORY)}", body=STORY + b"<p>And this"
    ),
    "announces a negative length": answering("bad_response", OK, HTML, "Content-Length: -7"),
    "announces two lengths": answering("bad_response", OK, HTML, "Content-Length: 7", "Content-Length: 8"),
    "announces no number": answering("bad_response", OK, HTML, "Content-Length: many"),
    "announces a petabyte": answering("too_large", OK, HTML, "Content-Length: 1000000000000000"),
    "sends without an end": Fault(
        partial(send_forever, head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", piece=b"<p>" * 9999),
        "too_large",
    ),
    # -- chunks
    "chunks and announces a length": answering("fetched", OK, HTML, CHUNKED, "Content-Length: 7", body=CHUNKED_STORY),
    "chunks of no size": answering("bad_response", OK, HTML, CHUNKED, body=b"zz\r\nabc\r\n0\r\n\r\n"),
    "a chunk of negative size": answering("bad_response", OK, HTML, CHUNKED, body=b"-5\r\nabc\r\n0\r\n\r\n"),
    "chunks without an end": answering("bad_response", OK, HTML, CHUNKED, body=chunk(STORY[:400])),
    "chunks of one byte with long extensions": Fault(
        partial(send_forever, head=CHUNKED_HEAD, piece=chunk(b"a", b";" + b"x" * 900) * 64), "too_large"
    ),
    "chunks of one byte": Fault(partial(send_forever, head=CHUNKED_HEAD, piece=chunk(b"a") * 9999), "too_large"),
    "an endless chunk extension": Fault(
        partial(send_forever, head=CHUNKED_HEAD + b"5;", piece=b"x" * 9999), "bad_response"
    ),
    "an endless trailer": Fault(
        partial(send_forever, head=CHUNKED_HEAD + chunk(STORY[:400]) + b"0\r\n", piece=b"X-A: b\r\n" * 999),
        "bad_response",
    ),
    "an unknown transfer encoding": answering("bad_response", OK, HTML, "Transfer-Encoding: lunar"),
    # -- content encodings
    "gzip that is none": broken("gzip"),
    "brotli that is none": broken("br"),
    "zstd that is none": broken("zstd"),
    "deflate that is none": broken("deflate"),
    "an unknown content encoding": Fault(partial(announce, headers=("Content-Encoding: lunar",)), "fetched"),
    "a gzip bomb": packed("gzip", layers(gzip.compress)),
    "a deflate bomb": packed("deflate", layers(zlib.compress)),
    "a brotli bomb": packed("br", layers(partial(brotli.compress, quality=4))),
    "a zstd bomb": packed("zstd", layers(zstandard.compress)),
    "a bomb in a bomb": packed("gzip, gzip", layers(gzip.compress, gzip.compress)),
    "a bomb in three kinds": packed(
        "br, zstd, gzip", layers(partial(brotli.compress, quality=4), zstandard.compress, gzip.compress)
    ),
    "a hundred layers": packed(", ".join(["gzip"] * 100), layers(*[gzip.compress] * 100, body=STORY)),
    # -- heads
    "a hundred thousand headers": Fault(count_headers, "too_large"),
    "a header line without an end": Fault(
        partial(send_forever, head=STATUS_AND + b"X-Long: ", piece=b"x" * 9999), "too_large"
    ),
    "a folded header without an end": Fault(
        partial(send_forever, head=STATUS_AND + b"X-Long: a\r\n", piece=b" and so on\r\n" * 99), "too_large"
    ),
    "interim answers without an end": Fault(
        partial(send_forever, head=b"", piece=b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 99), "too_large"
    ),
    "an interim answer in front": answering(
        "fetched", "HTTP/1.1 100 Continue", "", OK, HTML, f"Content-Length: {len(STORY)}"
    ),
    "bytes of every kind in headers": answering(
        "fetched",
        OK,
        HTML,
        b"X-Noise: \x00\x01\xff\xfe \x7f",
        b'ETag: "\x00\xff"',
        b"Last-Modified: \x00 yesterday",
        b"no colon here",
        b"X\rY: a name that is none",
        b"\xff\x00: another",
        b": and no name at all",
        b"X-Folded: a\r\n\tb",
        f"Content-Length: {len(STORY)}",
    ),
    "a content type of noise": answering(
        "fetched", OK, b'Content-Type: text/html; charset=\x00\xff"', f"Content-Length: {len(STORY)}"
    ),
    "no HTTP at all": Fault(partial(say, data=b"220 mail.example ESMTP\r\n"), "bad_response"),
    "HTTP/0.9": Fault(partial(say, data=STORY), "bad_response"),
    "noise": Fault(partial(say, data=bytes(range(256)) * 40), "bad_response"),
    "a status that is no number": answering("bad_response", "HTTP/1.1 fine", HTML),
    "a status of five digits": answering("bad_response", "HTTP/1.1 99999 Fine", HTML),
    "a negative status": answering("bad_response", "HTTP/1.1 -200 Fine", HTML),
    "a status of a thousand digits": answering("bad_response", "HTTP/1.1 " + "9" * 1000, HTML),
    "a body where there is none": answering("no_article", "HTTP/1.1 204 No Content", HTML),
    # -- redirects
    "redirects to itself": moved("Location: /story", "redirects"),
    "redirects without an end": Fault(redirect_forever, "redirects"),
    "redirects nowhere": moved("X-Location: lost", "redirects"),
    "redirects to a file": moved("Location: file:///etc/hostname", "redirects"),
    "redirects to a script": moved("Location: javascript:alert(1)", "bad_url"),
    "redirects to a broken address": moved("Location: http://[::1/x", "bad_url"),
    "redirects by a megabyte": moved("Location: /" + "a" * (1 << 20), "too_large"),
    "redirects by noise": Fault(redirect_to_a_missing_page, "gone"),
    "redirects with a user name": moved("Location: http://paper.example@127.0.0.1/", "forbidden_address"),
    "redirects slowly": Fault(redirect_slowly, "timeout"),
    # -- robots.txt
    "a robots.txt of 20 MB": Fault(long_robots, "fetched", robots_too=True),
    "a robots.txt of 20 MB that refuses": Fault(strict_long_robots, "robots", robots_too=True),
    # -- and nothing at all
    "a good page": Fault(announce, "fetched"),
}


def served(web, fault):
    """The URL of a server with this fault."""
    address, port = web.serve(fault.answer if fault.robots_too else without_robots(fault.answer))
    return f"http://{address}:{port}/story"
