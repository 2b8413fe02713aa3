"""What all pages and the API share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from starlette.requests import Request

from crawler.configuration import Configuration
from crawler.library import Library
from crawler.web.guarding.identity import Identifier, Who
from crawler.web.guarding.signing import Signer
from crawler.web.policy import Policy
from crawler.web.remembering import Remembered
from crawler.web.stores import Stores
from crawler.web.streams import Streams
from storage.protocol import Store
from storage.types import Facets, MonthCount

if TYPE_CHECKING:
    from jinja2 import Environment

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """One library, served.

    Attributes:
        configuration: in force.
        policy: who may do what.
        stores: open on its database.
        signer: of cookies and forms.
        identifier: who asks.
        remembered: counts over the whole library.
        templates: of the pages.
        streams: of pages that follow what happens.
    """

    configuration: Configuration
    policy: Policy
    stores: Stores
    signer: Signer
    identifier: Identifier
    remembered: Remembered
    templates: Environment
    streams: Streams = field(default_factory=Streams)

    def ask(self, work: Callable[[Store], T]) -> T:
        """One piece of work with a store; see `Stores.ask`."""
        return self.stores.ask(work)

    def months(self) -> list[MonthCount]:
        """What there is of each month, as it was a while ago at most."""
        return self.remembered.get("months", lambda: self.ask(lambda store: store.months()))

    def facets(self) -> Facets:
        """What queries can ask for, likewise."""
        return self.remembered.get("facets", lambda: self.ask(lambda store: store.facets()))

    def asked_with(self, work: Callable[[Library], T]) -> T:
        """The same for what needs the captures too."""
        return self.stores.ask(lambda store: work(Library(configuration=self.configuration, store=store)))


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    return cast("Site", request.app.state.site)


def who_of(request: Request) -> Who:
    """Who asks."""
    return cast("Who", request.state.who)
