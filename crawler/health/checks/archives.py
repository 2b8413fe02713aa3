"""Do the web archives answer?

Each index is asked for its head, once. One that rests, because it said "too often", is not asked: who goes on asking is
shut out. What comes as an answer proves that the archive is there, even "bad request", for no page was named.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from crawler.archives import ArchivePlace
from crawler.configuration import Configuration
from crawler.health.asking import Heard, ask
from crawler.health.checks.findings import Checkup, Finding, State
from crawler.politeness import host_asked, rests
from crawler.user_agent import user_agent

_REFUSALS = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
    }
)
_LOCAL = "local"


def check_archives(checkup: Checkup) -> Finding:
    """Whether the index of each archive that is asked by itself answers."""
    places = _asked_of(checkup.configuration)
    if not places:
        return Finding(check="archives", summary="none is asked over the network")
    if checkup.offline:
        return Finding(check="archives", summary=f"{len(places)} archives were not asked (--offline)")
    resting = _resting(checkup, places)
    awake = [place for place in places if place.name not in resting]
    heard = dict(zip((place.name for place in awake), ask_all(checkup, awake), strict=True))
    said = {**resting, **{name: _problem(one) for name, one in heard.items()}}
    problems = tuple(f"{name}: {problem}" for name, problem in sorted(said.items()) if problem)
    if not problems:
        return Finding(check="archives", summary=f"all {len(places)} answer")
    return Finding(
        check="archives",
        state=State.NOTE,
        summary=f"{len(places) - len(problems)} of {len(places)} answer; what could not be asked is asked again later",
        remedy="see that this machine reaches the web (crawl.proxy), and that archives.NAME.index_url is right",
        details=problems,
    )


def ask_all(checkup: Checkup, places: list[ArchivePlace]) -> list[Heard]:
    """All at the same time; each is asked once for a look, whichever check asks first."""
    configuration, known = checkup.configuration, checkup.heard
    fresh = [place.index_url for place in places if place.index_url not in known]

    def work(url: str) -> Heard:
        return ask(
            url,
            user_agent=user_agent(configuration),
            timeout_s=checkup.timeout_s,
            allow_private=configuration.flag("crawl.allow_private"),
            proxy=configuration.text("crawl.proxy"),
        )

    if fresh:
        with ThreadPoolExecutor(max_workers=min(8, len(fresh))) as threads:
            known.update(zip(fresh, threads.map(work, fresh), strict=True))
    return [known[place.index_url] for place in places]


def _asked_of(configuration: Configuration) -> list[ArchivePlace]:
    return [one for one in configuration.archives if one.enabled and one.kind != _LOCAL and one.index_url]


def _resting(checkup: Checkup, places: list[ArchivePlace]) -> dict[str, str]:
    """Name -> why it is left alone."""
    if checkup.store is None:
        return {}
    hosts = {place.name: host_asked(place.index_url) for place in places}
    states = checkup.store.host_states(hosts.values())
    found = {name: states[host] for name, host in hosts.items() if host in states}
    return {
        name: f"not asked, it rests until {state.not_before:%Y-%m-%d %H:%M}Z ({state.rest_reason})"
        for name, state in found.items()
        if rests(state, checkup.now)
    }


def _problem(heard: Heard) -> str:
    if heard.problem:
        return f"could not be asked: {heard.problem}"
    if heard.status in _REFUSALS:
        return f"it refuses us now ({heard.status})"
    return f"it failed ({heard.status})" if heard.status >= HTTPStatus.INTERNAL_SERVER_ERROR else ""
