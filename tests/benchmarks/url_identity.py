"""URL identity over a list of real URLs: what tracking is left, what identity is lost, which URLs merge, and why.

    python tests/benchmarks/url_identity.py URLS [--labels LABELS.json] [--groups REPORT.txt] [--kept PARAMETERS.txt]

URLS holds one URL per line, as the last column where the lines have tabs. LABELS is an object of two lists of query
parameters, ``K`` (they identify the document) and ``S`` (they say how the reader came or how it is shown); an entry is
``name``, ``name@host suffix`` (which wins) or ``prefix*``.

- tracking left: URLs with an S parameter of which one survives, among those that have one.
- identity lost: URLs with a K parameter whose value is gone, among those that have one.
- merges: groups of different URLs with one canonical URL. One is *false* where its URLs differ in the value of a K
  parameter, or in host or path although neither a publisher's rule, a wrapper nor a mobile host says why. Compared by
  this module's own plain reading of a URL, not by the code under test.
- variants merged: of every URL other spellings are made; the share that has the same canonical URL, per kind.

``--groups`` writes every group with its reasons, the least obvious first; they want to be read.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crawler.errors import UnusableUrl
from crawler.urls import Change, Step, canonical_url, explain
from crawler.urls.tracking import identifies

_SAID_BY_DATA = {Change.RULE, Change.WRAPPER, Change.MOBILE, Change.ROUTE}
_ENDINGS = re.compile(r"(?:/index\.\w{3,5}|/default\.\w{3,5}|/amp|;[a-z]\w*=[^/]*)$", re.IGNORECASE)
_TRACKING = "utm_source=rss&utm_medium=feed&fbclid=IwAR0x"
_LARGEST_SHOWN = 40


@dataclass(slots=True)
class Labels:
    """What hand labels say about parameters; names in lower case."""

    kinds: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    prefixes: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path | None) -> Labels:
        labels = cls()
        for kind, entries in (json.loads(path.read_text("utf-8")) if path else {}).items():
            for entry in entries if isinstance(entries, list) else ():
                name, _, host = entry.lower().removeprefix("amp;").partition("@")
                if name.endswith("*"):
                    labels.prefixes.append((name[:-1], kind))
                else:
                    labels.kinds[name][host] = kind
        return labels

    def kind(self, name: str, host: str) -> str:
        name = name.lower()
        by_host = self.kinds.get(name, {})
        for suffix, kind in by_host.items():
            if suffix and (host == suffix or host.endswith(f".{suffix}")):
                return kind
        return by_host.get("") or next((kind for prefix, kind in self.prefixes if name.startswith(prefix)), "")


@dataclass(frozen=True, slots=True)
class Plain:
    """A URL read plainly."""

    host: str
    path: str
    parameters: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, url: str) -> Plain:
        parts = urlsplit(url.replace("&amp;", "&"))
        path = unquote(parts.path)
        while path != (path := _ENDINGS.sub("", path.rstrip("/"))):
            pass
        pairs = (pair.partition("=")[::2] for pair in parts.query.split("&") if pair)
        host = (parts.hostname or "").removeprefix("www.")
        return cls(host, path, tuple(sorted((name.lower(), unquote(value)) for name, value in pairs)))

    def values(self, labels: Labels, kind: str) -> dict[str, str]:
        return {name: value for name, value in self.parameters if labels.kind(name, self.host) == kind}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("urls", type=Path)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--groups", type=Path)
    parser.add_argument("--kept", type=Path)
    options = parser.parse_args()
    urls = list(dict.fromkeys(_urls(options.urls)))
    labels = Labels.read(options.labels)
    known = _measured_speed(urls)
    _print_labelled(known, labels)
    groups = _groups(known)
    false = [group for group in groups if why_false(group, labels)]
    print(f"groups that merge     {len(groups):6}  ({sum(map(len, groups))} URLs)")
    print(f"false merges          {len(false):6}")
    _print_variants(known)
    print(f"not idempotent        {sum(canonical_url(one) != one for one in set(known.values())):6}")
    if options.groups:
        options.groups.write_text("\n".join(told(group, labels) for group in _least_obvious_first(groups)), "utf-8")
    if options.kept:
        options.kept.write_text("\n".join(_kept(known)), "utf-8")


def _urls(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8").splitlines():
        url = line.rstrip("\n").rpartition("\t")[2].strip()
        if "://" in url:
            yield url


def _measured_speed(urls: list[str]) -> dict[str, str]:
    """URL -> canonical URL, of those that have one."""
    known: dict[str, str] = {}
    unusable = 0
    started = time.process_time()
    for url in urls:
        try:
            known[url] = canonical_url(url)
        except UnusableUrl:
            unusable += 1
    spent = time.process_time() - started
    print(f"URLs                  {len(urls):6}  ({unusable} unusable)")
    print(f"canonical URLs        {len(set(known.values())):6}")
    print(f"URLs per CPU-second      {len(urls) / spent:6.0f}")
    return known


def _print_labelled(known: dict[str, str], labels: Labels) -> None:
    """Tracking left and identity lost, with the parameters to blame."""
    for kind, title in (("S", "tracking left"), ("K", "identity lost")):
        having, wrong, blamed = 0, 0, Counter[str]()
        for url, canonical in known.items():
            before, after = Plain.read(url).values(labels, kind), Plain.read(canonical)
            having += bool(before)
            if kind == "S":
                bad = set(after.values(labels, kind))
            else:
                text = unquote(canonical).lower()
                bad = {name for name, value in before.items() if value.lower() not in text}
            wrong += bool(bad)
            blamed.update(bad)
        names = ", ".join(f"{name} {count}" for name, count in blamed.most_common(12))
        print(f"{title:21} {wrong:6}  of {having} ({wrong / max(having, 1):.4f}) {names}")


def _groups(known: dict[str, str]) -> list[list[str]]:
    by_canonical: dict[str, list[str]] = defaultdict(list)
    for url, canonical in known.items():
        by_canonical[canonical].append(url)
    return [group for group in by_canonical.values() if len(group) > 1]


def why_false(group: list[str], labels: Labels) -> str:
    """What speaks against a merge; empty where nothing does."""
    plain = [Plain.read(url) for url in group]
    steps = [step for url in group for step in explain(url)]
    names = {name for one in plain for name in one.values(labels, "K")}
    wrapped = any(step.change is Change.WRAPPER for step in steps)
    for name in sorted(names):
        if not wrapped and len({dict(one.parameters).get(name) for one in plain}) > 1:
            return f"different {name}"
    if len({(one.host, one.path) for one in plain}) > 1 and not any(step.change in _SAID_BY_DATA for step in steps):
        return "different host or path, and no rule says why"
    return ""


def reasons(group: list[str]) -> list[str]:
    """The steps that not all URLs of a group went through."""
    counted: Counter[Step] = Counter(step for url in group for step in explain(url))
    return sorted({str(step) for step, count in counted.items() if count < len(group)})


def told(group: list[str], labels: Labels) -> str:
    lines = [canonical_url(group[0]), *(f"    {url}" for url in group[:_LARGEST_SHOWN])]
    lines += [f"    ... {len(group) - _LARGEST_SHOWN} more"] if len(group) > _LARGEST_SHOWN else []
    lines += [f"  - {reason}" for reason in reasons(group)]
    false = why_false(group, labels)
    return "\n".join([*lines, *([f"  ! {false}"] if false else []), ""])


def _least_obvious_first(groups: list[list[str]]) -> list[list[str]]:
    """Groups whose hosts or paths differ first, then those whose parameters do, then scheme, www and spelling."""

    def rank(group: list[str]) -> tuple[int, str]:
        plain = [Plain.read(url) for url in group]
        if len({(one.host, one.path) for one in plain}) > 1:
            return 0, plain[0].host
        return (1 if len({one.parameters for one in plain}) > 1 else 2), plain[0].host

    return sorted(groups, key=rank)


# -- variants ----------------------------------------------------------------------------------------------------


def _added(url: str, query: str) -> str:
    place, _, fragment = url.partition("#")
    return f"{place}{'&' if '?' in place else '?'}{query}{'#' if fragment else ''}{fragment}"


def _on_host(url: str, change: Callable[[str], str]) -> str:
    scheme, _, rest = url.partition("://")
    host, slash, place = rest.partition("/")
    return f"{scheme}://{change(host)}{slash}{place}"


def _on_path(url: str, change: Callable[[str], str]) -> str:
    found = re.match(r"(https?://[^/?#]+)([^?#]*)(.*)", url, re.DOTALL)
    return f"{found[1]}{change(found[2])}{found[3]}" if found else url


def _mobile(url: str, label: str) -> str:
    parts = urlsplit(url)
    first = (parts.hostname or "").removeprefix("www.")
    if not identifies(parts.path) or first.count(".") > 1 + first.endswith((".uk", ".au", ".za", ".jp", ".nz", ".in")):
        return ""
    return _on_host(url, lambda host: f"{label}.{host.lower().removeprefix('www.')}")


def _swapped(url: str, one: str, other: str, path: str) -> str:
    parts = urlsplit(url)
    if not re.match(path, parts.path):
        return ""
    hosts = {one: other, other: one}
    return _on_host(url, lambda host: hosts[host]) if parts.netloc in hosts else ""


def _shuffled(url: str) -> str:
    place, mark, query = url.partition("#")[0].partition("?")
    parts = query.split("&")
    return f"{place}{mark}{'&'.join(reversed(parts))}" if len(parts) > 1 else ""


def _escapes(url: str) -> str:
    lower = re.sub(r"%[0-9A-Fa-f]{2}", lambda found: found[0].lower(), url)
    return lower if lower != url else re.sub(r"%[0-9A-Fa-f]{2}", lambda found: found[0].upper(), url)


def _plain_place(url: str) -> bool:
    """Whether something may be added behind the path."""
    parts = urlsplit(url)
    return not parts.fragment and len(parts.path) > 1 and not re.search(r"[/;]$|\.\w+$", parts.path)


VARIANTS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("scheme", lambda url: re.sub(r"^https?", lambda found: "http" if found[0] == "https" else "https", url)),
    ("www", lambda url: _on_host(url, lambda host: host.removeprefix("www.") if host[:4] == "www." else f"www.{host}")),
    ("m.", lambda url: _mobile(url, "m")),
    ("amp.", lambda url: _mobile(url, "amp")),
    ("/amp", lambda url: _on_path(url, lambda path: f"{path}/amp/") if _plain_place(url) else ""),
    (
        "index.html",
        lambda url: _on_path(url, lambda path: f"{path.rstrip('/')}/index.html") if _plain_place(url) else "",
    ),
    (
        "edition.cnn.com",
        lambda url: _swapped(url, "edition.cnn.com", "www.cnn.com", r"/(?:19|20)\d\d/.|/[A-Z]+/.*\d\d/\d\d/"),
    ),
    ("bbc.com", lambda url: _swapped(url, "www.bbc.co.uk", "www.bbc.com", r"/(?:news|sport)/.")),
    ("trailing slash", lambda url: _on_path(url, lambda path: f"{path}/") if _plain_place(url) else ""),
    ("tracking", lambda url: _added(url, _TRACKING)),
    ("parameter order", _shuffled),
    ("case of escapes", _escapes),
    ("&amp;", lambda url: url.replace("&", "&amp;")),
    ("fragment", lambda url: "" if "#" in url else f"{url}#top"),
)


def _print_variants(known: dict[str, str]) -> None:
    tried: Counter[str] = Counter()
    merged: Counter[str] = Counter()
    missed: dict[str, str] = {}
    for url, canonical in known.items():
        for name, made in ((name, make(url)) for name, make in VARIANTS):
            if not made or made == url:
                continue
            tried[name] += 1
            if _canonical_or_none(made) == canonical:
                merged[name] += 1
            else:
                missed[name] = made
    print(f"variants merged       {sum(merged.values()) / max(sum(tried.values()), 1):6.4f}  of {sum(tried.values())}")
    for name, _ in VARIANTS:
        share = merged[name] / max(tried[name], 1)
        print(f"  {name:18} {share:8.4f}  of {tried[name]} {missed.get(name, '')[:90]}")


def _canonical_or_none(url: str) -> str | None:
    try:
        return canonical_url(url)
    except UnusableUrl:
        return None


def _kept(known: dict[str, str]) -> list[str]:
    """Parameters that stay, most frequent first, with an example: where tracking would hide."""
    counted: Counter[str] = Counter()
    example: dict[str, str] = {}
    for canonical in sorted(set(known.values())):
        for name, _ in Plain.read(canonical).parameters:
            counted[name] += 1
            example.setdefault(name, canonical)
    return [f"{count:6} {name}  {example[name]}" for name, count in counted.most_common()]


if __name__ == "__main__":
    main()
