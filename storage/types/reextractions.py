"""Extracting stored captures again: what was found waits beside the versions until somebody says that it is better."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.types.articles import Article
from storage.types.time import require_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class Reextraction:
    """What a version's capture gives today, staged: nobody reads it before it is applied.

    Attributes:
        version_id: the version.
        url: of its document; filled in when read.
        extractor_version: that made it.
        seen_at: the version's ``extracted_at`` when its capture was read: it is staged again where that moved on.
        article: what the capture gives now, before lines that the host shows everywhere are cut until it is weighed;
            ``None`` where it gives none, and where it was read for its figures only.
        weighed: whether host memory was asked and the fields and words below are worked out.
        fields: names of the fields in which the article differs from the version.
        words_before: of the version's body.
        words_after: of the article's body.
        problem: why there is no article now; empty where there is one.
        lost: the capture was read and no article is in it any more; not so where it could not be read.
    """

    version_id: int
    extractor_version: str
    seen_at: datetime
    url: str = ""
    article: Article | None = None
    weighed: bool = False
    fields: tuple[str, ...] = ()
    words_before: int = 0
    words_after: int = 0
    problem: str = ""
    lost: bool = False

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(seen_at=self.seen_at)
