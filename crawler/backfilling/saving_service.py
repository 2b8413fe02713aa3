"""The service that saves pages: where it is, with whose keys, how fast it may be asked.

Why keys come from the environment only: ``dateline.toml`` lies beside the articles and is handed on with them, and a
command line can be read by everybody on the machine.

Why a service on a machine of one's own is asked as fast as its archive: limits are those of the public service, which
shuts out accounts that ask faster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from crawler.archives import ArchivePlace, Pool
from crawler.archives.places import INTERNET_ARCHIVE
from crawler.archives.saving import SAVE_INTERVAL_S, STATUS_INTERVAL_S, SaveKeys
from crawler.configuration import Configuration
from crawler.errors import ConfigurationError
from crawler.guard import unsafe_target

KEY_VARIABLE: Final = "DATELINE_SAVE_KEY"
SECRET_VARIABLE: Final = "DATELINE_SAVE_SECRET"  # noqa: S105 - the name of a variable
WHERE_KEYS_ARE: Final = "https://archive.org/account/s3.php shows the keys of an account"
KEYS_REMEDY: Final = f"Look at {KEY_VARIABLE} and {SECRET_VARIABLE}: {WHERE_KEYS_ARE}"


@dataclass(frozen=True, kw_only=True, slots=True)
class SaveService:
    """Save Page Now, as one library asks it.

    Attributes:
        place: the archive whose turns are taken, with an interval for saves.
        url: of the service.
        keys: of the account.
        status_s: seconds before the first question where a job stands; later ones wait longer.
    """

    place: ArchivePlace
    url: str
    keys: SaveKeys
    status_s: float

    @property
    def public(self) -> str:
        """Beginning of the addresses at which readers open copies."""
        return self.place.public_url or self.place.replay_url


def save_service(configuration: Configuration, environment: Mapping[str, str]) -> SaveService:
    """The service that a library's settings and the environment mean.

    Raises:
        ConfigurationError: a key is missing or no key, or it would be sent unencrypted through the internet.
    """
    keys = save_keys(environment)
    place = next(one for one in configuration.archives if one.name == INTERNET_ARCHIVE.name)
    url = urljoin(place.replay_url, "/save")
    own = _host(place) != _host(INTERNET_ARCHIVE)
    if not url.startswith("https:") and not unsafe_target(url):
        raise ConfigurationError(
            f'archives."{place.name}".replay_url is {place.replay_url!r}: the keys are sent by https only'
        )
    interval_s = place.interval_s[Pool.REPLAY] if own else SAVE_INTERVAL_S
    return SaveService(
        place=replace(place, interval_s={**place.interval_s, Pool.SAVE: interval_s}),
        url=url,
        keys=keys,
        status_s=interval_s if own else STATUS_INTERVAL_S,
    )


def save_keys(environment: Mapping[str, str]) -> SaveKeys:
    """The keys, which no message ever shows.

    Raises:
        ConfigurationError: one is missing, or holds what no key has.
    """
    given = {name: environment.get(name, "").strip() for name in (KEY_VARIABLE, SECRET_VARIABLE)}
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise ConfigurationError(
            f"--save needs the keys of an account at the Internet Archive in the environment:"
            f" {KEY_VARIABLE} and {SECRET_VARIABLE} ({' and '.join(missing)} missing); {WHERE_KEYS_ARE}"
        )
    for name, value in given.items():
        if not value.isascii() or not value.isprintable() or any(sign in value for sign in " :"):
            raise ConfigurationError(f"{name} holds signs that no key has; {WHERE_KEYS_ARE}")
    return SaveKeys(access=given[KEY_VARIABLE], secret=given[SECRET_VARIABLE])


def _host(place: ArchivePlace) -> str:
    return urlsplit(place.replay_url).netloc.lower()
