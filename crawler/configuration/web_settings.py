"""The settings of `dateline serve`."""

from __future__ import annotations

from crawler.configuration.setting import Setting

WEB_SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="web.listen",
        default="127.0.0.1:9440",
        meaning="where `dateline serve` answers, as ADDRESS:PORT; what other machines can reach needs a token or "
        "web.user_header",
    ),
    Setting(
        key="web.token_file",
        default="",
        meaning="file whose first line is the token for web.listen and the API; "
        "the variable `DATELINE_TOKEN` goes before it",
    ),
    Setting(
        key="web.user_header",
        default="",
        meaning="header in which a reverse proxy names the user, such as X-Remote-User; then nobody else is let in",
    ),
    Setting(
        key="web.proxies",
        default=["127.0.0.1", "::1"],
        meaning="addresses of the reverse proxies whose web.user_header and X-Forwarded-For are believed",
    ),
    Setting(
        key="web.hosts",
        default=[],
        meaning="names by which browsers may call the site beside those of this machine, such as news.example.org",
    ),
    Setting(
        key="web.per_minute",
        default=600,
        low=1,
        high=1000000,
        meaning="how many requests of one client are answered a minute; of those that change something a tenth",
    ),
    Setting(
        key="web.cache_s",
        default=60.0,
        low=0,
        high=86400,
        meaning="for how long counts over the whole library are shown again before they are counted anew, in seconds",
    ),
)
