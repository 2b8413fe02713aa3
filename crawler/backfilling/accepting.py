"""Is this copy the page that was cited? Judged as a live page is, then held against what the event entries say.

Why a second question after the classifier's: old addresses were given to other stories, and a site's redirects lead to
whatever is near. A page that is an article, but not this one, would be worse in the library than none. What speaks for
and against it is stored with the attempt either way (`storage.types.Coverage`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from crawler.archiving import Understood
from crawler.classify.coverage import coverage_of
from crawler.errors import PageTooHard
from crawler.items import FailedFetch, FetchedPage
from crawler.judging import beside_others, page_input, understood_as
from crawler.session import Session
from storage.errors import StorageError
from storage.types import WITH_ARTICLE, Outcome

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Judge:
    """Understands copies in the run's extraction pool."""

    session: Session

    async def __call__(self, item: FetchedPage | FailedFetch) -> Understood:
        """The copy with its final outcome, and its article where it is the one that was cited.

        Raises:
            StorageError: of the store.
        """
        if isinstance(item, FailedFetch):
            return Understood(item=item, outcome=item.outcome, detail=item.detail)
        try:
            reading = await self.session.pool.read(page_input(item))
            reading = await beside_others(self.session, item.task.document, reading)
            return covered(understood_as(item, reading))
        except PageTooHard as limit:
            return Understood(item=item, outcome=Outcome.EXTRACTION_LIMIT, detail=str(limit))
        except StorageError:
            raise
        except Exception as error:  # one copy must not end the search: the next one may do
            log.exception("our own code failed on %s", item.exchanges[-1].url)
            return Understood(item=item, outcome=Outcome.FAILED, detail=f"{type(error).__name__}: {error}"[:300])


def covered(one: Understood) -> Understood:
    """The copy with the evidence that its article is the one that was cited; without the article where it is not."""
    if one.article is None or one.outcome not in WITH_ARTICLE or not isinstance(one.item, FetchedPage):
        return one
    coverage = coverage_of(one.article, one.item.citations)
    if coverage.accepted:
        return replace(one, coverage=coverage)
    return replace(one, outcome=Outcome.UNRELATED, detail=coverage.detail, article=None, coverage=coverage)
