"""What pages that need JavaScript never reach through a real Chromium, and how the browser ends."""

import contextlib
import http.server
import json
import os
import signal
import socketserver
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import ClassVar

import pytest

from crawler.demo.site import Delivery, Site, failing, html
from crawler.demo.web import LocalWeb
from crawler.urls import host_of

HERE = Path(__file__).parent
# Neighbours of a test are not importable by themselves: test folders are no packages.
sys.path.insert(0, str(HERE))

from browser_desk import broken_browser, finish_probe, probe, script, shell, shows, start_probe  # noqa: E402

GONE_S = 20


# -- what it never reaches ----------------------------------------------------------------------------------------


class Trap(socketserver.ThreadingTCPServer):
    """Counts whoever connects, and notes what is said."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        self.said = []
        super().__init__(("127.0.0.1", 0), self.handle_one)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_one(self, request, *_):
        request.settimeout(5)
        with contextlib.suppress(OSError):
            self.said.append(request.recv(4096).partition(b"\r\n")[0].decode("latin-1"))
            request.sendall(
                b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 6\r\n"
                b"Content-Type: text/plain\r\nConnection: close\r\n\r\nsecret"
            )

    @property
    def port(self):
        return self.server_address[1]


@pytest.fixture
def trap():
    with Trap() as one:
        yield one
        one.shutdown()


def attacks(*targets):
    """A page that tries every way to reach the targets."""
    text = """
    const root = document.getElementById('root');
    for (const target of TARGETS) {
      fetch(target, { mode: 'no-cors' }).catch(() => 0);
      fetch(target).then((a) => a.text()).then((t) => root.append('GOT ' + t)).catch(() => 0);
      for (const [tag, name] of [['img', 'src'], ['script', 'src'], ['iframe', 'src'], ['video', 'src'],
                                 ['object', 'data'], ['embed', 'src'], ['link', 'href']]) {
        const made = document.createElement(tag);
        if (tag === 'link') made.rel = 'stylesheet';
        made[name] = target; document.body.append(made);
      }
      for (const rel of ['preconnect', 'dns-prefetch', 'prefetch', 'preload', 'prerender']) {
        const hint = document.createElement('link');
        hint.rel = rel; hint.href = target; hint.as = 'script'; document.head.append(hint);
      }
      try { new WebSocket(target.replace('http', 'ws')) } catch (e) {}
      try { new EventSource(target) } catch (e) {}
      try { new Worker(URL.createObjectURL(new Blob([`
        fetch('${target}', { mode: 'no-cors' }).catch(() => 0); importScripts('${target}')`]))) } catch (e) {}
      try { new WebTransport(target.replace('http:', 'https:')) } catch (e) {}
      navigator.sendBeacon(target, 'x');
      window.open(target);
      const form = document.createElement('form');
      form.action = target; form.method = 'POST'; form.target = '_blank'; document.body.append(form); form.submit();
      const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:' + new URL(target).host }] });
      peer.createDataChannel('x'); peer.createOffer().then((offer) => peer.setLocalDescription(offer));
      location.href = target;
    }
    root.append('tried everything');
    """.replace("TARGETS", json.dumps(targets))
    return shell(text)


@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize("unruled", [False, True])
def test_private_addresses_are_never_reached(tmp_path, trap, unruled):
    """Not even where the rules in the browser do not hold: then the gateway alone stands before them."""
    targets = [
        f"http://127.0.0.1:{trap.port}/secret",
        f"http://localhost:{trap.port}/secret",
        f"http://[::1]:{trap.port}/secret",
        f"http://0x7f.1:{trap.port}/secret",
        f"http://attacker.example:{trap.port}/secret",
        "http://169.254.169.254/latest/meta-data/",
    ]
    site = Site(host="www.attacker.example", routes={"/x": attacks(*targets)})
    url = "http://www.attacker.example/x"
    with LocalWeb([site]) as web:
        # The gateway resolves names itself here: one of the page's own site means this machine.
        names = {"attacker.example": "127.0.0.1", "www.attacker.example": "127.0.0.1"}
        found = probe(tmp_path, [url], settings={"proxy": web.proxy_url}, names=names, unruled=unruled)
    assert trap.said == []
    assert found.pages[url]["outcome"] == "answered", found
    assert "tried everything" in found.pages[url]["body"]
    assert "GOT secret" not in found.pages[url]["body"]
    assert found.stats["browser/gateway_refused/forbidden address"] >= 1
    assert found.stats["browser/gateway_refused/other site" if unruled else "browser/refused/other site"] >= 5


@pytest.mark.usefixtures("chromium")
def test_they_are_reached_where_the_library_allows_it(tmp_path, trap):
    """The trap of the test above does catch."""
    site = Site(host="www.attacker.example", routes={"/x": attacks(f"http://attacker.example:{trap.port}/secret")})
    url = "http://www.attacker.example/x"
    with LocalWeb([site]) as web:
        settings = {"proxy": web.proxy_url, "allow_private": True}
        found = probe(tmp_path, [url], settings=settings, names={"attacker.example": "127.0.0.1"})
    assert "GET /secret HTTP/1.1" in trap.said
    assert "GOT secret" in found.pages[url]["body"]


class Secure(http.server.BaseHTTPRequestHandler):
    """A shell and its data, over TLS."""

    answers: ClassVar = {
        "/page": ("text/html", "<p id=root></p><script src=/app.js></script>"),
        "/app.js": ("text/javascript", "fetch('/data').then((a) => a.text()).then((t) => root.append(t))"),
        "/data": ("text/plain", "told over TLS"),
    }

    def do_GET(self):
        kind, text = self.answers.get(self.path, ("text/plain", ""))
        self.send_response(200 if text else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def secure(tmp_path):
    """URL of a page whose certificate nobody has signed."""
    names = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    files = ("-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert"))
    options = ("-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2")
    subprocess.run(["openssl", "req", *options, *names, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Secure)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}/page"
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("chromium")
def test_scripts_come_over_tls_by_the_rules_that_hold_for_the_page(tmp_path, secure):
    library = tmp_path / "library"
    library.mkdir()
    settings = {"allow_private": True}
    strict = probe(library, [secure], settings=settings).pages[secure]
    assert (strict["outcome"], strict["exchanges"]) == ("tls", [])
    (library / "dateline.toml").write_text(f'[hosts."{host_of(secure)}"]\nverify_tls = false\n')
    found = probe(library, [secure], settings=settings)
    assert found.pages[secure]["outcome"] == "answered", found
    assert "told over TLS" in found.pages[secure]["body"]
    assert [one["tls"][:11] for one in found.pages[secure]["exchanges"]] == ["unverified:"] * 2
    assert found.stats["browser/connections"] >= 1


# -- how it ends --------------------------------------------------------------------------------------------------


def processes():
    """Process id -> (parent, state, command line) of everything that runs."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                found[int(entry.name)] = (int(parent), state, command)
    return found


def descendants(pid):
    everything = processes()
    found, waiting = {}, [pid]
    while waiting:
        parent = waiting.pop()
        children = [one for one, (of, _, _) in everything.items() if of == parent and one not in found]
        found |= {one: everything[one][2] for one in children}
        waiting += children
    return found


def alive(pids):
    everything = processes()
    return {one: everything[one] for one in pids if one in everything and everything[one][1] not in {"Z", "X"}}


def wait_for(what, wanted, process):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if found := wanted():
            return found
        if process.poll() is not None:
            break
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    return pytest.fail(f"{what} did not happen\n{process.communicate()}")


def main_browsers(pids):
    """The browser's own processes among them; its helpers have a type."""
    return [pid for pid, command in pids.items() if "--remote-debugging-pipe" in command and "--type=" not in command]


def is_asked(web, target):
    return lambda: [access for access in web.log if access.target == target]


@pytest.fixture
def hanging(chromium):
    """A page in the midst of being shown, and one behind it on the same host."""
    routes = {
        "/slow": html("<p>slow</p><script src=/ready.js></script><script>fetch('/hangs')</script>"),
        "/ready.js": script("1"),
        "/hangs": failing(Delivery.HANG),
        "/next": shell(shows("the next page")),
    }
    with LocalWeb([Site(host="a.example", routes=routes)]) as web:
        yield web


URLS = ["http://a.example/slow", "http://a.example/next"]


@pytest.mark.parametrize("victim", ["browser", "driver"])
def test_a_browser_that_is_killed_costs_one_page(tmp_path, hanging, victim):
    process = start_probe(tmp_path, URLS, settings={"proxy": hanging.proxy_url, "timeout_s": 60.0})
    wait_for("the page", is_asked(hanging, "/ready.js"), process)
    children = descendants(process.pid)
    driver = [pid for pid, command in children.items() if "run-driver" in command]
    for pid in main_browsers(children) if victim == "browser" else driver:
        os.kill(pid, signal.SIGKILL)
    found = finish_probe(process)
    assert found.pages[URLS[0]]["outcome"] == "connection", found
    assert "the browser" in found.pages[URLS[0]]["detail"]
    assert "the next page" in found.pages[URLS[1]]["body"]
    assert wait_until_gone(children) == {}


def wait_until_gone(pids):
    end = time.monotonic() + GONE_S
    while (left := alive(pids)) and time.monotonic() < end:
        time.sleep(0.1)
    return left


@pytest.mark.parametrize("busy", [False, True])
def test_a_crawler_that_is_killed_leaves_no_browser_behind(tmp_path, hanging, busy):
    loop = html("<script src=/on.js></script><script>for(;;);</script>")
    hanging.put(Site(host="busy.example", routes={"/loop": loop, "/on.js": script("1")}))
    urls = ["http://busy.example/loop"] if busy else URLS
    process = start_probe(tmp_path, urls, settings={"proxy": hanging.proxy_url, "timeout_s": 60.0})
    wait_for("the page", is_asked(hanging, "/on.js" if busy else "/ready.js"), process)
    children = descendants(process.pid)
    assert main_browsers(children)
    process.kill()
    process.communicate()
    assert wait_until_gone(children) == {}


@pytest.mark.usefixtures("chromium")
def test_a_browser_that_cannot_be_started_costs_no_page(tmp_path):
    """The page is handed on as it came, and is judged to be the shell that it is."""
    broken = broken_browser(tmp_path)
    with LocalWeb([Site(host="a.example", routes={"/1": shell("1"), "/2": shell("2")})]) as web:
        settings = {"proxy": web.proxy_url, "browser_path": str(broken)}
        found = probe(tmp_path, ["http://a.example/1", "http://a.example/2"], settings=settings)
    for page in found.pages.values():
        assert (page["outcome"], page["flags"], len(page["exchanges"])) == ("answered", [], 1)
    assert found.errors.count("the browser cannot be used") == 1
