"""``dateline serve``: the pages that a person looks at, and the JSON API.

Why only this command imports them: FastAPI and its kin take a third of a second, and come with the extra ``web``.
"""

from __future__ import annotations

import logging
from contextlib import closing
from importlib.util import find_spec
from typing import Annotated

import typer

from crawler.cli.console import LibraryOption, opened, say, settings_of
from crawler.cli.fetching import LogLevelOption, log_level_of
from crawler.configuration import Configuration
from crawler.errors import ConfigurationError
from crawler.runs import login_name

_NEEDED = ("fastapi", "jinja2", "matplotlib", "uvicorn")


def serve(
    *,
    library: LibraryOption = None,
    listen: Annotated[
        str, typer.Option(help="Answer there, as ADDRESS:PORT; else web.listen.", metavar="ADDRESS")
    ] = "",
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Show no buttons, take no orders and no decisions.")
    ] = False,
    log_level: LogLevelOption = "",
) -> None:
    """Serve the library's pages and its JSON API until Ctrl-C.

    On 127.0.0.1 for whoever is at this machine; elsewhere it needs a token or a reverse proxy that names its users.
    """
    settings = settings_of(library)
    if missing := [one for one in _NEEDED if find_spec(one) is None]:
        raise ConfigurationError(
            f"pages need {', '.join(missing)}: install the extra `web`: pip install 'dateline[web]'"
        )
    logging.basicConfig(level=log_level_of(log_level or "WARNING"), format="%(asctime)s %(levelname)s %(message)s")
    with opened(settings.library):  # a library that cannot be opened is said in a sentence
        pass
    _serve(settings, listen, read_only=read_only)


def _serve(settings: Configuration, listen: str, *, read_only: bool) -> None:
    from crawler.web import serving  # noqa: PLC0415 - see the module
    from crawler.web.application import site_for  # noqa: PLC0415 - likewise
    from crawler.web.policy import policy_of  # noqa: PLC0415 - likewise

    policy = policy_of(settings, listen=listen, read_only=read_only)
    listening = serving.listen(policy)
    site = site_for(settings, policy, local_name=login_name() or "somebody at this machine")
    with closing(site.stores):
        serving.serve(
            site, listening, ready=lambda: say(f"serving {settings.library} at {serving.address_of(listening)}")
        )
