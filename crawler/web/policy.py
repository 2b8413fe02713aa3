"""Who may do what: the settings of ``dateline serve``, read once.

Three ways to run it:

=================  =========================================  ==========================================================
how                who reads                                  who changes something
=================  =========================================  ==========================================================
on 127.0.0.1       whoever is at this machine                 the same on pages; the API only with the token
with a token       whoever has it; on 127.0.0.1 as above      whoever logged in with it on pages; the API with the token
behind a proxy     whom the proxy names                       the same
=================  =========================================  ==========================================================

Why the token is no setting: a file of settings is shown, copied and backed up. It stands in a file of its own, or in
the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from crawler.configuration import Configuration
from crawler.errors import ConfigurationError
from crawler.health.endpoint import address_of

TOKEN_VARIABLE = "DATELINE_TOKEN"  # noqa: S105 - the name of a variable
LEAST_TOKEN = 16
"""Characters of the shortest token: what is shorter can be guessed."""

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """See the module.

    Attributes:
        host: address to listen at.
        port: 0 is any free one.
        token: whoever has it may do everything; empty where there is none.
        user_header: header in which a proxy names the user, in lower case; empty where there is no proxy.
        proxies: whose headers are believed.
        names: names by which browsers may call the site, beside addresses of loopback and ``localhost``; lower case.
        per_minute: requests of one client that are answered a minute.
        read_only: nothing can be changed, by nobody.
    """

    host: str = "127.0.0.1"
    port: int = 0
    token: str = ""
    user_header: str = ""
    proxies: frozenset[Address] = frozenset()
    names: frozenset[str] = frozenset()
    per_minute: int = 600
    read_only: bool = False

    @property
    def here_only(self) -> bool:
        """Only programs on this machine can reach it."""
        return is_loopback(self.host)

    @property
    def closed(self) -> bool:
        """Nothing is shown to somebody whom nobody named."""
        return bool(self.user_header) or not self.here_only


def policy_of(
    configuration: Configuration,
    environment: Mapping[str, str] = os.environ,
    *,
    listen: str = "",
    read_only: bool = False,
) -> Policy:
    """The policy that the settings say; ``listen`` goes before ``web.listen``.

    Raises:
        ConfigurationError: it listens elsewhere and nobody could tell who asks, a token is too short or cannot be read,
            or an address is none.
    """
    written = listen or configuration.text("web.listen")
    address = address_of(written)
    if address is None:
        raise ConfigurationError(f"{written!r} is not ADDRESS:PORT; write for example 127.0.0.1:9440, or [::1]:9440")
    policy = Policy(
        host=address[0],
        port=address[1],
        token=_token(configuration, environment),
        user_header=configuration.text("web.user_header").strip().lower(),
        proxies=frozenset(_address(one) for one in configuration.texts("web.proxies")),
        names=frozenset(one.strip().lower() for one in configuration.texts("web.hosts")),
        per_minute=configuration.whole("web.per_minute"),
        read_only=read_only,
    )
    if not policy.here_only and not policy.token and not policy.user_header:
        raise ConfigurationError(
            f"{written} can be reached from other machines: set {TOKEN_VARIABLE} (or web.token_file) to a long random "
            "text, or web.user_header behind a reverse proxy that names its users"
        )
    return policy


def is_loopback(host: str) -> bool:
    """Whether an address to listen at is reached from this machine only."""
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _token(configuration: Configuration, environment: Mapping[str, str]) -> str:
    found, where = environment.get(TOKEN_VARIABLE, "").strip(), TOKEN_VARIABLE
    if not found and (written := configuration.text("web.token_file")):
        path = configuration.library / Path(written).expanduser()
        found, where = _first_line(path), str(path)
        if not found:
            raise ConfigurationError(f"{path} (web.token_file) is empty: write a long random text into its first line")
    if found and (len(found) < LEAST_TOKEN or not found.isascii() or not found.isprintable()):
        raise ConfigurationError(
            f"the token in {where} is too short or not plain ASCII: take {LEAST_TOKEN} or more letters and digits"
        )
    return found


def _first_line(path: Path) -> str:
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            return file.readline(4096).strip()
    except OSError as error:
        raise ConfigurationError(f"{path} (web.token_file) cannot be read: {error.strerror}") from error


def _address(written: str) -> Address:
    try:
        return ip_address(written.strip())
    except ValueError as error:
        raise ConfigurationError(f"web.proxies: {written!r} is no IP address; write for example 127.0.0.1") from error
