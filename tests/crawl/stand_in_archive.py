"""Two public archives, played on loopback over the captures of `archive_pages`: the Internet Archive, and Common Crawl.

They answer in the shapes of the real services: an index with resume keys and dirty rows, replays that tell archived
responses from hops and refusals by one header, an index of one crawl at a time over ranges of WARC and ARC files.
"""

import gzip
import json
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, parse_qsl, quote_plus, unquote, urlsplit

from archive_files import arc, digest, head, original_of, warc
from archive_server import PAGE, TEXT, ArchiveServer, Reply

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
BLOCKED = (
    "org.archive.util.io.RuntimeIOException: "
    "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"
)
_REPLAY = re.compile(r"/web/(?P<at>[0-9]{4,14})(?P<mode>[a-z]{2}_)?/(?P<url>.+)")
_REPAIRED = re.compile(r"^(https?:/)(?=[^/])")


def key_of(url):
    """The URL key of the plain URLs of this web."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    names = (parts.hostname or "").removeprefix("www.").split(".")
    query = "&".join(sorted(f"{name}={value}" for name, value in parse_qsl(parts.query, keep_blank_values=True)))
    path = unquote(parts.path or "/").lower()
    return f"{','.join(reversed(names))}){path}" + (f"?{query.lower()}" if query else "")


def moment(at):
    return datetime.strptime(at.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def http_date(at):
    return f"{moment(at):%a, %d %b %Y %H:%M:%S} GMT"


class InternetArchive(ArchiveServer):
    """The Internet Archive: ``cdx/search/cdx``, ``web/TIMESTAMPid_/URL`` and ``save``.

    Attributes:
        index_url: for the settings.
        replay_url: likewise.
        page_size: rows of an answer at most, whatever is asked for.
        dirty: the index repeats rows and adds some that no date can be made of.
        lost: times of captures that the index lists and the replay sends on from.
        unseen: hosts' keys that the replay alone keeps out of reach.
        altered: times of captures whose bytes are not those that the index lists.
    """

    def __init__(self, world, *, page_size=1000, dirty=True, address="127.0.0.42"):
        super().__init__(address)
        self._shots = sorted((shot for cited in world for shot in cited.shots), key=lambda shot: shot.at)
        self._hidden = {key_of(cited.url).partition(")")[0] for cited in world if cited.excluded}
        self.page_size, self.dirty = page_size, dirty
        self.index_url, self.replay_url = f"{self.base}cdx/search/cdx", f"{self.base}web/"
        self.lost, self.unseen, self.altered, self.jobs = set(), set(), set(), {}

    def pool_of(self, target):
        return {"cdx": "index", "web": "replay"}.get(target.strip("/").partition("/")[0], "other")

    def answer(self, asked):
        path = urlsplit(asked.target).path
        if path == "/cdx/search/cdx":
            return self._index(parse_qs(urlsplit(asked.target).query, keep_blank_values=True))
        if found := _REPLAY.fullmatch(asked.target):
            return self._replay(found, asked)
        if path.startswith("/save"):
            return self._save(asked)
        return Reply(status=404, headers=PAGE, body=b"<html><title>Not found</title></html>")

    def _index(self, said):
        wanted = {name: values[-1] for name, values in said.items()}
        key = key_of(wanted.get("url", ""))
        if key.partition(")")[0] in self._hidden:
            headers = (*TEXT, ("X-Archive-Wayback-Runtime-Error", BLOCKED))
            return Reply(status=403, headers=headers, body=f"{BLOCKED}\n".encode())
        rows = [row for row in self._rows(key) if _in_window(row[1], wanted) and _passes(row, said.get("filter", ()))]
        start = 0
        if resume := wanted.get("resumeKey"):
            keys = [self._resume_key(row) for row in rows]
            if resume not in keys:
                return Reply(status=400, headers=TEXT, body=b"Invalid resumeKey\n")
            start = keys.index(resume)
        limit = min(int(wanted.get("limit", self.page_size)), self.page_size)
        page, more = rows[start : start + limit], rows[start + limit : start + limit + 1]
        shown = more if wanted.get("showResumeKey") == "true" else []
        return _written(page, [self._resume_key(row) for row in shown], wanted)

    def _rows(self, key):
        rows = [self._row(key, shot) for shot in self._shots if key_of(shot.url) == key]
        if self.dirty and rows:
            # Seen in real answers: the same row twice, and a month that is none.
            rows.insert(1, rows[0])
            rows.append((key, "19990012170449", *rows[0][2:]))
        return rows

    def _row(self, key, shot):
        original = original_of(shot, self._shots)
        media_type = "warc/revisit" if shot.revisit_of else shot.content_type.partition(";")[0]
        status = "-" if shot.revisit_of else shot.listed or str(shot.status)
        length = "-" if self.dirty and shot.location else str(len(gzip.compress(shot.body)) + 400)
        listed = b"other bytes" if shot.at in self.altered else original.body
        return (key, shot.at, shot.url, media_type, status, digest(listed), length)

    @staticmethod
    def _resume_key(row):
        """Arrives percent-encoded, as the real one does, and has to be sent back as it is."""
        return quote_plus(f"{row[0]} {row[1]}")

    def _replay(self, found, asked):
        url = _REPAIRED.sub(r"\1/", found["url"])
        key = key_of(url)
        if key.partition(")")[0] in self._hidden | self.unseen:
            body = b"<html><title>Internet Archive</title><body>This URL has been excluded from us.</body></html>"
            return Reply(status=200, headers=PAGE, body=body)
        shots = [shot for shot in self._shots if key_of(shot.url) == key and shot.at not in self.lost]
        if not shots:
            return Reply(status=404, headers=PAGE, body=b"<html><body>The archive has not archived that URL.</body>")
        at = found["at"]
        nearest = min(shots, key=lambda shot: abs((moment(shot.at) - moment(at)).total_seconds()))
        if nearest.at != at:
            headers = (
                ("Location", f"{self.replay_url}{nearest.at}id_/{nearest.url}"),
                ("X-Archive-Redirect-Reason", f"found capture at {nearest.at}"),
                *TEXT,
            )
            return Reply(status=302, reason="FOUND", headers=headers)
        if found["mode"] != "id_":
            return Reply(
                headers=PAGE, body=b"<html><body><div id='wm-ipp'>A toolbar of the archive.</div></body></html>"
            )
        return self._memento(nearest, asked)

    def _memento(self, shot, asked):
        original = original_of(shot, self._shots)
        headers = [("Memento-Datetime", http_date(shot.at)), ("Content-Type", original.content_type)]
        headers.append(("Link", f'<{shot.url}>; rel="original", <{self.base}web/{shot.url}>; rel="timegate"'))
        # The server's own clock, two years slow.
        headers += [("x-archive-orig-date", http_date(f"{int(shot.at[:4]) - 2}{shot.at[4:8]}000000"))]
        headers += [(f"x-archive-orig-{name.lower()}", value) for name, value in head(original)]
        headers.append(("x-archive-src", "INVENTED-2011/INVENTED-00000.warc.gz"))
        if original.location:
            headers.append(("Location", self._location(original)))
        body, coding = original.body, dict(original.headers).get("Content-Encoding")
        if coding is not None:
            headers.append(("Content-Encoding", coding))
        elif "gzip" in asked.headers.get("accept-encoding", ""):
            headers.append(("Content-Encoding", "gzip"))
            body = gzip.compress(body)
        return Reply(status=original.status, headers=tuple(headers), body=body)

    def _location(self, shot):
        """In turn as the real service writes it: absolute, without a scheme, as a path."""
        path = f"/web/{shot.at}id_/{shot.location}"
        return (f"http://{self.address}{path}", f"//{self.address}{path}", path)[int(shot.at[-2:]) % 3]

    def _save(self, asked):
        """Save Page Now: a job for each URL, pending when first asked for, then done."""
        if not asked.headers.get("authorization", "").startswith("LOW "):
            return _json(401, {"message": "You need to be logged in to use Save Page Now."})
        path = urlsplit(asked.target).path
        if asked.method == "POST":
            url = parse_qs(asked.body.decode())["url"][0]
            job = f"spn2-{digest(url.encode()).lower()}"
            self.jobs.setdefault(job, [url, 0])
            return _json(200, {"url": url, "job_id": job})
        job = path.rpartition("/")[2]
        if job not in self.jobs:
            return _json(200, {"status": "error", "status_ext": "error:no-such-job", "job_id": job, "message": "?"})
        self.jobs[job][1] += 1
        if self.jobs[job][1] == 1:
            return _json(200, {"status": "pending", "job_id": job, "resources": []})
        done = {"status": "success", "job_id": job, "original_url": self.jobs[job][0], "timestamp": "20260203040506"}
        return _json(200, done | {"duration_sec": 3.2, "http_status": 200, "resources": []})


def _in_window(at, wanted):
    return wanted.get("from", "").ljust(14, "0") <= at <= wanted.get("to", "").ljust(14, "9")


def _passes(row, filters):
    """Filters want the whole field, ``~`` a part of it, ``!`` the opposite."""
    for one in filters:
        name, _, pattern = one.lstrip("!~").partition(":")
        value = row[FIELDS.index(name)]
        matches = re.search(pattern, value) if "~" in one[:2] else re.fullmatch(pattern, value)
        if bool(matches) == one.startswith("!"):
            return False
    return True


def _written(rows, keys, wanted):
    names = wanted.get("fl", ",".join(FIELDS)).split(",")
    lines = [[row[FIELDS.index(name)] for name in names] for row in rows]
    if wanted.get("output") == "json":
        table = [names, *lines] if lines else []
        table += [[], keys] if keys else []
        return Reply(headers=(("Content-Type", "application/json"),), body=f"{json.dumps(table)}\n".encode())
    text = "".join(f"{' '.join(line)}\n" for line in lines) + "".join(f"\n{key}\n" for key in keys)
    return Reply(headers=TEXT, body=text.encode())


def _json(status, value):
    return Reply(status=status, headers=(("Content-Type", "application/json"),), body=json.dumps(value).encode())


class CommonCrawl(ArchiveServer):
    """Common Crawl: ``collinfo.json``, an index for each crawl, ranges of WARC and ARC files.

    Attributes:
        index_url: for the settings.
        replay_url: likewise.
    """

    def __init__(self, crawls, *, address="127.0.0.43"):
        """``crawls``: name -> its captures; those of a name that ends in a year alone are in ARC files."""
        super().__init__(address)
        self._files, self._rows = {}, {}
        self._crawls = crawls
        for name, shots in crawls.items():
            old = name.count("-") == 3 and name[-4:].isdecimal()
            data, places = arc(shots, compressed=True) if old else warc(shots)
            path = f"crawl-data/{name}/segments/{'1.arc.gz' if old else '1/warc/1.warc.gz'}"
            self._files[path] = data
            self._rows[name] = [self._row(shot, place, path, shots) for shot, place in places.items()]
        self.index_url, self.replay_url = self.base, self.base

    def pool_of(self, target):
        return "replay" if target.startswith("/crawl-data/") else "index"

    def answer(self, asked):
        path = urlsplit(asked.target).path.lstrip("/")
        if path == "collinfo.json":
            return _json(200, [self._told(name) for name in sorted(self._crawls, reverse=True)])
        if path.removesuffix("-index") in self._rows:
            return self._index(path.removesuffix("-index"), parse_qs(urlsplit(asked.target).query))
        if path in self._files:
            return _ranged(self._files[path], asked.headers.get("range", ""))
        return Reply(status=404, headers=PAGE, body=b"<Error><Code>NoSuchKey</Code></Error>")

    def _told(self, name):
        days = sorted(shot.at for shot in self._crawls[name])
        first, last = (f"{moment(days[end]):%Y-%m-%dT%H:%M:%S}" for end in (0, -1))
        base = f"{self.base}{name}"
        told = {"id": name, "name": f"{name} Index", "timegate": f"{base}/", "cdx-api": f"{base}-index"}
        return told | {"from": first, "to": last}

    @staticmethod
    def _row(shot, place, path, shots):
        media_type = shot.content_type.partition(";")[0]
        return {
            "urlkey": key_of(shot.url),
            "timestamp": shot.at,
            "url": shot.url,
            "mime": media_type,
            "mime-detected": media_type,
            "status": str(shot.status),
            "digest": digest(original_of(shot, shots).body),
            "length": str(place.length),
            "offset": str(place.offset),
            "filename": path,
            "languages": "eng",
            "encoding": "UTF-8",
        }

    def _index(self, name, said):
        url = said["url"][-1]
        if int(said.get("page", ["0"])[-1]) > 0:
            return _json(400, {"message": "Page 1 invalid: First Page is 0, Last Page is 0"})
        wanted = {part: values[-1] for part, values in said.items()}
        rows = [row for row in self._rows[name] if row["urlkey"] == key_of(url)]
        rows = [row for row in rows if _in_window(row["timestamp"], wanted)]
        if not rows:
            return _json(404, {"message": f"No Captures found for: {url}"})
        body = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
        return Reply(headers=(("Content-Type", "text/x-ndjson"),), body=body)


def _ranged(data, wanted):
    found = re.fullmatch(r"bytes=([0-9]+)-([0-9]+)", wanted)
    if not found:
        # Nobody may fetch a file of a gigabyte for one record: whoever forgets the range gets nothing of use.
        return Reply(headers=(("Content-Type", "application/octet-stream"),), body=b"\0" * 64)
    begin, end = int(found[1]), min(int(found[2]), len(data) - 1)
    if begin >= len(data):
        return Reply(status=416, headers=PAGE, body=b"<Error><Code>InvalidRange</Code></Error>")
    headers = (("Content-Type", "application/octet-stream"), ("Content-Range", f"bytes {begin}-{end}/{len(data)}"))
    return Reply(status=206, headers=headers, body=data[begin : end + 1])
