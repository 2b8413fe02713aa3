"""Servers, certificates and names that mean harm, against the real command.

`hostile_faults` lists what servers do; what has to be stored stands beside each. ``pytest -s`` prints what was stored.
"""

import json
import os
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from crawler.demo.site import Site, html
from crawler.demo.web import LocalWeb
from crawler.guard.targets import unsafe_port

HERE = Path(__file__).parent
# Neighbours of a test are not importable by themselves: test folders are no packages.
sys.path.insert(0, str(HERE))

from hostile_faults import FAULTS, STORY, TIMEOUT_S, served  # noqa: E402
from hostile_server import Authority, HostileWeb, tunnel_to  # noqa: E402

MOST_MEMORY_MIB = 320
"""A crawl of good pages takes half of this; one bomb unfolded in full would not fit."""


def crawl_and_watch(desk):
    """Run the crawl; returns the most memory that its process had, in MiB."""
    process, peak = desk.start("crawl"), 0
    while process.poll() is None:
        with suppress(OSError, StopIteration):
            status = Path(f"/proc/{process.pid}/status").read_text().splitlines()
            peak = int(next(line for line in status if line.startswith("VmHWM")).split()[1])
        time.sleep(0.1)
    _, err = process.communicate()
    assert process.returncode == 0, err
    assert "Traceback" not in err, err
    return peak / 1024


def test_no_fault_of_a_server_stays_without_its_outcome(desk):
    """One crawl over all of them, each on a host of its own; the good page is among them."""
    with HostileWeb() as web:
        urls = {name: served(web, fault) for name, fault in FAULTS.items()}
        desk.configure(allow_private=True, timeout_s=TIMEOUT_S, max_mb=1.0, hosts=len(urls) + 1)
        desk.import_urls(*urls.values())
        memory = crawl_and_watch(desk)
    found = {name: desk.attempts(url) for name, url in urls.items()}
    for name, made in found.items():
        print(f"{name:45} -> {[(attempt.outcome.value, attempt.detail[:80]) for attempt in made]}")
    print(f"most memory: {memory:.0f} MiB")
    assert {name: [attempt.outcome for attempt in made] for name, made in found.items()} == {
        name: [fault.outcome] for name, fault in FAULTS.items()
    }
    assert all(attempt.detail or attempt.outcome == "fetched" for made in found.values() for attempt in made)
    assert memory < MOST_MEMORY_MIB
    assert desk.problems() == []


# -- certificates ----------------------------------------------------------------------------------------------


CERTIFICATES = {
    "good": ("fetched", "verified", ""),
    "expired": ("tls", None, "expired"),
    "not yet valid": ("tls", None, "not valid yet"),
    "signed by itself": ("tls", None, "signed by itself"),
    "by an unknown authority": ("tls", None, "issuer is not known"),
    "for another host": ("tls", None, "it is not for 127.0"),
    "TLS 1.0 and nothing newer": ("tls", None, "unsupported protocol"),
    "garbage for a handshake": ("tls", None, ""),
    "silence for a handshake": ("timeout", None, ""),
    "plain HTTP": ("tls", None, ""),
    "expired, allowed": ("fetched", "unverified: it has expired", ""),
    "for another host, allowed": ("fetched", "unverified: it is not for ", ""),
    "signed by itself, allowed": ("fetched", "unverified: it is signed by itself", ""),
}


@pytest.fixture
def tls_urls(tmp_path):
    """One server per kind of certificate: kind -> URL, and the authority that the crawl trusts."""
    for folder in ("trusted", "unknown"):
        (tmp_path / folder).mkdir()
    trusted, unknown = Authority(tmp_path / "trusted"), Authority(tmp_path / "unknown", "Nobody's Authority")

    def context(kind, address):
        kind = kind.removesuffix(", allowed")
        if kind == "by an unknown authority":
            return unknown.context(address)
        options = {
            "expired": {"days": (-90, -2)},
            "not yet valid": {"days": (5, 90)},
            "signed by itself": {"self_signed": True},
            "for another host": {"names": "other.example"},
        }
        return trusted.context(address, **options.get(kind, {}))

    with HostileWeb() as web:
        urls = {}
        for kind in CERTIFICATES:
            address = web.address()
            if kind in HANDSHAKES:
                _, port = web.serve(HANDSHAKES[kind], address=address, raw=True)
            else:
                _, port = web.serve(story, address=address, tls=context(kind, address))
            urls[kind] = f"https://{address}:{port}/story"
        yield urls, trusted.bundle


async def story(peer):
    await peer.page(STORY)


async def old_hello(peer):
    """The ServerHello of a machine that knows only TLS 1.0; no OpenSSL of today would write it."""
    await peer.reader.read(65536)
    hello = b"\x03\x01" + bytes(32) + b"\x00" + b"\x00\x2f" + b"\x00"
    message = b"\x02" + len(hello).to_bytes(3, "big") + hello
    await peer.send(b"\x16\x03\x01" + len(message).to_bytes(2, "big") + message)
    await peer.hang()


async def garbage(peer):
    await peer.send(bytes(range(256)) * 40)


async def silence(peer):
    await peer.hang()


async def plain_http(peer):
    await peer.page(STORY)


HANDSHAKES = {
    "TLS 1.0 and nothing newer": old_hello,
    "garbage for a handshake": garbage,
    "silence for a handshake": silence,
    "plain HTTP": plain_http,
}


def test_a_bad_certificate_is_an_outcome_and_what_is_allowed_is_said_of_the_capture(desk, tls_urls):
    urls, bundle = tls_urls
    desk.configure(allow_private=True, obey_robots=False, timeout_s=TIMEOUT_S, hosts=40)
    allowed = [url.split("/")[2] for kind, url in urls.items() if kind.endswith(", allowed")]
    settings = desk.folder / "dateline.toml"
    rules = "".join(f'[hosts."{host}"]\nverify_tls = false\n' for host in allowed)
    settings.write_text(settings.read_text() + rules)
    desk.environment["SSL_CERT_FILE"] = str(bundle)
    desk.import_urls(*urls.values())
    desk.run("crawl")
    for kind, (outcome, tls, problem) in CERTIFICATES.items():
        history = desk.history(urls[kind])
        (attempt,) = history.attempts
        print(f"{kind:30} -> {attempt.outcome.value}: {attempt.detail} {[one.tls for one in history.captures]}")
        assert attempt.outcome == outcome, kind
        assert problem in attempt.detail, kind
        assert [one.tls[: len(tls)] for one in history.captures] == ([tls] if tls else []), kind


def test_certificates_are_checked_behind_a_proxy_too(desk, tmp_path):
    (tmp_path / "trusted").mkdir()
    trusted = Authority(tmp_path / "trusted")
    with HostileWeb() as web:
        behind = {
            "good.example:443": web.serve(story, tls=trusted.context("good.example")),
            "late.example:443": web.serve(story, tls=trusted.context("late.example", days=(-90, -2))),
            "other.example:443": web.serve(story, tls=trusted.context("good.example")),
        }
        proxy, port = web.serve(tunnel_to(behind))
        desk.configure(proxy=f"http://{proxy}:{port}", obey_robots=False, timeout_s=TIMEOUT_S)
        desk.environment["SSL_CERT_FILE"] = str(trusted.bundle)
        desk.import_urls(*(f"https://{name.partition(':')[0]}/story" for name in behind))
        desk.run("crawl")
    outcomes = {name: desk.attempts(f"https://{name}.example/story")[0] for name in ("good", "late", "other")}
    assert {name: attempt.outcome for name, attempt in outcomes.items()} == {
        "good": "fetched",
        "late": "tls",
        "other": "tls",
    }
    assert "expired" in outcomes["late"].detail
    assert [one.tls for one in desk.history("https://good.example/story").captures] == ["verified"]


# -- addresses -------------------------------------------------------------------------------------------------

PUBLIC, DEAD = "11.22.33.44", "11.22.33.45"
"""Assigned to somebody who announces none of it; here they stand for loopback addresses of the tests."""

PLACES_OF_REDIRECTS = {
    "literal": "http://{private}:{port}/secret",
    "without-scheme": "//{private}:{port}/secret",
    "mapped": "http://[::ffff:{private}]:{port}/secret",
    "loopback-six": "http://[::1]:{port}/secret",
    "local-name": "http://localhost:{port}/secret",
    "one-number": "http://{number}:{port}/secret",
    "hexadecimal": "http://0x7f.0.1.{last}:{port}/secret",
    "octal": "http://0177.0.1.{last}:{port}/secret",
    "short": "http://127.{last}:{port}/secret",
    "full-width": "http://１２７.0.1.{last}:{port}/secret",
    "ideographic-stop": "http://127。0。1。{last}:{port}/secret",
    "root-dot": "http://{private}.:{port}/secret",
    "user-name": "http://good.example:{port}@{private}:{port}/secret",
    "backslash": "http://{private}:{port}\\@good.example/secret",
    "name": "http://private.example:{port}/secret",
    "name-that-turns": "http://turns.example:{port}/secret",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "database": "http://good.example:6379/secret",
    "mail": "http://good.example:25/secret",
}
NAMES = {
    # First, and more of them than Scrapy has threads: whoever comes after must not wait for them.
    **{f"slow-{number}": [["~7"]] for number in range(16)},
    "good": [[PUBLIC]],
    "rebound": [[PUBLIC], ["{private}"]],
    "both": [[PUBLIC, "{private}"]],
    "both-turned": [["{private}", PUBLIC]],
    "dead-or-private": [[DEAD, "{private}"]],
    "private": [["{private}"]],
    "six": [["::1"]],
    "six-mapped": [["::ffff:{private}"]],
    "all-of-them": [["10.1.2.3", "192.168.1.1", "100.64.0.1", "169.254.169.254", "::", "fe80::1", "fd00:ec2::254"]],
    "robots-moved": [[PUBLIC]],
    "refreshed": [[PUBLIC]],
}
TURNING = {"turns": [[PUBLIC], ["{private}"]]}
"""Asked only behind a redirect: its robots.txt is read in public, its page would not be."""
OUTCOMES = {
    **dict.fromkeys(NAMES, "forbidden_address"),
    **dict.fromkeys(("good", "both", "both-turned"), "fetched"),
    **{name: "timeout" for name in NAMES if name.startswith("slow-")},
    "dead-or-private": "connection",
}


@pytest.fixture
def street(tmp_path):
    """A public server, a private one at the same port, and the names that lead to them."""
    with HostileWeb() as web:
        public, private = web.address(), web.address()
        port = 1
        while unsafe_port(port):
            _, port = web.serve(lambda peer: public_answer(peer, places), address=public)
        web.serve(private_answer, address=private, port=port)
        facts = {"private": private, "port": port, "last": private.rpartition(".")[2], "number": as_number(private)}
        places = {name: place.format(**facts) for name, place in PLACES_OF_REDIRECTS.items()}
        names = {
            f"{name}.example": [[address.format(**facts) for address in turn] for turn in turns]
            for name, turns in (NAMES | TURNING | {f"to-{name}": [[PUBLIC]] for name in places}).items()
        }
        world = {"names": names, "places": {PUBLIC: public, DEAD: web.address()}}
        (tmp_path / "world.json").write_text(json.dumps(world))
        yield web, public, private, port, tmp_path / "world.json"


def as_number(address):
    return sum(int(part) << shift for part, shift in zip(address.split("."), (24, 16, 8, 0), strict=True))


async def private_answer(peer):
    await peer.page(STORY)


async def public_answer(peer, places):
    name = peer.host.partition(".")[0]
    private = places["literal"]
    if name == "robots-moved":
        await peer.page(b"", f"Location: {private}", status="302 Found")
    elif peer.target == "/robots.txt":
        await peer.page(b"", status="404 Not Found")
    elif name == "refreshed":
        await peer.page(f'<meta http-equiv="refresh" content="0; url={private}">'.encode())
    elif name.startswith("to-"):
        await peer.page(b"", b"Location: " + places[name[3:]].encode(), status="302 Found")
    else:
        await peer.page(STORY)


def test_nothing_leads_to_a_private_address(desk, street):
    web, public, private, port, world = street
    expected = OUTCOMES | {f"to-{name}": "forbidden_address" for name in PLACES_OF_REDIRECTS}
    urls = {name: f"http://{name}.example:{port}/story" for name in expected}
    expected["itself"], urls["itself"] = "forbidden_address", f"http://{private}:{port}/story"
    path = os.pathsep.join(filter(None, [str(HERE / "invented_names"), desk.environment.get("PYTHONPATH", "")]))
    desk.environment |= {"PYTHONPATH": path, "DATELINE_TEST_NAMES": str(world)}
    desk.configure(timeout_s=TIMEOUT_S, hosts=60)
    desk.import_urls(*urls.values())
    desk.run("crawl")
    found = {name: desk.attempts(url) for name, url in urls.items()}
    for name, made in found.items():
        print(f"{name:25} -> {[(attempt.outcome.value, attempt.detail[:90]) for attempt in made]}")
    assert web.connections[private] == 0, web.requests[private]
    assert {name: [attempt.outcome for attempt in made] for name, made in found.items()} == {
        name: [outcome] for name, outcome in expected.items()
    }
    asked = Counter(web.requests[public])
    assert asked["/story"] == len(PLACES_OF_REDIRECTS) + len(["good", "both", "both-turned", "refreshed"])


def test_a_private_address_in_a_url_is_not_handed_to_a_proxy_either(desk):
    site = Site(host="a.example", routes={"/x": html(STORY.decode())})
    with LocalWeb([site]) as web:
        desk.configure(proxy=web.proxy_url)
        desk.import_urls("http://10.0.0.1/x", "http://[::1]/x", "http://a.example/x", "http://a.example:22/x")
        desk.run("crawl")
        asked = {(access.host, access.target) for access in web.log}
    assert asked == {("a.example", "/robots.txt"), ("a.example", "/x")}
    outcomes = [desk.attempts(f"http://{host}/x")[0].outcome for host in ("10.0.0.1", "[::1]", "a.example:22")]
    assert outcomes == ["forbidden_address"] * 3
    assert desk.attempts("http://a.example/x")[0].outcome == "fetched"
