"""The part of the store's contract that is about what people decide and ask for.

Why no crawl can overwrite a decision: crawls never write in these tables. Whether an article reports an event is
decided by `LinkingStore.decide_link`, which keeps who and when likewise.

Why orders are rows: whoever asks by a page or the API gets an answer at once, the work takes minutes, and the process
that serves pages may be killed meanwhile. One that died loses nothing: its order waits again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from storage.types import Mark, Order, OrderKind


class CurationStore(Protocol):
    """The sections "marks" and "orders" of `storage.protocol.Store`."""

    # -- marks ---------------------------------------------------------------------------------------------------

    def mark(self, article_id: int, *, by: str, because: str, now: datetime) -> Mark:
        """A person says that this is no article. One that is marked already keeps its mark, which is returned.

        Its links by content and its story's others wait for `put_links` then. Raises `ArticleNotFound`.
        """

    def unmark(self, article_id: int, *, by: str, now: datetime) -> Mark:
        """A person takes back the mark that stands (see `marks_of`), be it that of the document it became.

        Raises `MarkNotFound`.
        """

    def marks(self, *, standing_only: bool = False, after: int = 0, limit: int | None = None) -> list[Mark]:
        """Marks by number, behind one."""

    def marks_of(self, article_ids: Iterable[int]) -> dict[int, Mark]:
        """The mark that stands, of each of these articles that has one."""

    # -- orders --------------------------------------------------------------------------------------------------

    def put_order(self, kind: OrderKind, event_name: str, *, by: str, now: datetime) -> Order:
        """Ask for work; where the same is asked for already and not over, that order is returned.

        Raises `EventNotFound`, `AmbiguousEvent`.
        """

    def take_order(self, token: str, *, now: datetime, until: datetime) -> Order | None:
        """Take the order that waits longest, for a process; one whose taker is silent since ``taken_until`` waits, too.

        Two processes never have one order at once.
        """

    def keep_order(self, order_id: int, token: str, *, until: datetime, run: int = 0) -> bool:
        """A sign of life of who has the order, and the number of its run; False: somebody else has it now."""

    def end_order(
        self, order_id: int, token: str, *, exit_status: int | None, run: int = 0, problem: str = "", now: datetime
    ) -> bool:
        """The work is over: done with status 0 or 1, else failed. False, and nothing written: not the token's."""

    def give_back_order(self, order_id: int, token: str) -> bool:
        """It was not done (the process was stopped): it waits again. False: not the token's."""

    def order(self, order_id: int) -> Order:
        """One order. Raises `OrderNotFound`."""

    def orders(self, *, open_only: bool = False, event_key: str = "", limit: int = 100) -> list[Order]:
        """Orders, latest first; of one event where its own key is given."""
