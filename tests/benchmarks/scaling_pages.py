"""Pages as heavy as those of real news sites: the articles of `crawler.demo.bulk` in the furniture of a portal.

Sizes are lognormal around a median of about 80 KB, most of it navigation, teasers, scripts and style, as on real pages.
As a program it plays their web, outside of the processes that are measured::

    python tests/benchmarks/scaling_pages.py --hosts 50 --pages 40 --log access.jsonl
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
from pathlib import Path

from crawler.demo.bulk import bulk_sites
from crawler.demo.site import Page, Request, Site, missing
from crawler.demo.web import LocalWeb

_ITEM = (
    '<li class="nav-item nav-{n}"><a href="/{word}/{n}/index.html" title="{word} and more">{word} {other}</a></li>\n'
)
_TEASER = (
    '<div class="teaser teaser--{size}" data-id="{n}"><a class="teaser__link" href="/{word}/{n}.html">'
    '<picture><source srcset="/img/{n}-320.webp 320w, /img/{n}-640.webp 640w" type="image/webp">'
    '<img loading="lazy" src="/img/{n}.jpg" alt="{word} {other}" width="320" height="180"></picture>'
    '<h3 class="teaser__title">{word} {other} {third}</h3></a><p class="teaser__text">{text}</p>'
    '<time class="teaser__time" datetime="2016-04-08T0{digit}:15:00Z">8 April</time></div>\n'
)
_SCRIPT = "window.__state.push({{id:{n},slot:'{word}',sizes:[[300,250],[728,90]],keys:['{other}','{third}']}});\n"
_STYLE = ".{word}-{n}{{display:flex;margin:0 {digit}px;color:#{n:06x}}} .{other}-{n}:hover{{opacity:.{digit}}}\n"
_SYLLABLES = ("bran", "dor", "el", "fal", "gar", "hol", "in", "ker", "lin", "mar", "nor", "os", "pel", "quil", "rud")


def heavy_sites(*, hosts: int, pages: int) -> tuple[Site, ...]:
    """The sites of `bulk_sites`, with heavy pages."""
    return tuple(
        Site(host=site.host, routes={}, fallback=_heavier(site)) for site in bulk_sites(hosts=hosts, pages=pages)
    )


def _heavier(site: Site):
    def answer(request: Request) -> Page:
        page = site.fallback(request)
        if page.status != 200:
            return page
        return Page(body=furnished(page.body.decode(), request.host + request.path).encode(), gzip=True)

    return answer


def furnished(source: str, seed: str) -> str:
    """The page in the furniture of a portal, always the same for one seed."""
    made = random.Random(seed)  # noqa: S311 - the same bytes each time
    factor = made.lognormvariate(0, 0.5)
    head, _, rest = source.partition("</head>")
    body, _, end = rest.partition('<div id="footer">')
    return "".join(
        (
            head,
            "<style>",
            *_pieces(_STYLE, made, factor * 135),
            "</style><script>",
            *_pieces(_SCRIPT, made, factor * 147),
            "</script></head>",
            body.replace("<article>", f'<ul class="nav">{"".join(_pieces(_ITEM, made, factor * 125))}</ul><article>'),
            '<aside class="more">',
            *_pieces(_TEASER, made, factor * 48),
            '</aside><div id="footer">',
            end,
        )
    )


def _pieces(form: str, made: random.Random, count: float) -> list[str]:
    return [
        form.format(
            n=made.randrange(1 << 24),
            digit=made.randrange(10),
            size=made.choice("sml"),
            word=_word(made),
            other=_word(made),
            third=_word(made),
            text=" ".join(_word(made) for _ in range(14)),
        )
        for _ in range(max(1, round(count)))
    ]


def _word(made: random.Random) -> str:
    return "".join(made.choices(_SYLLABLES, k=3))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--empty", action="store_true", help="answer 404 to everything, and cheaply")
    parser.add_argument("--log", type=Path, default=None)
    options = parser.parse_args()
    sites = () if options.empty else heavy_sites(hosts=options.hosts, pages=options.pages)
    web = LocalWeb(sites, log_file=options.log)
    if options.empty:
        web._switchboard.answer = lambda _request: missing()
        web._record = lambda _access: None
    with web:
        sys.stdout.write(f"{web.proxy_url}\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
