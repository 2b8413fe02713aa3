"""Which lead images are wanted, and whether they are wanted at all (``images.store``).

Why an archived copy's image is not queued with it: it would be asked for on the live web, where the page is gone.
``dateline images`` queues it for whoever wants to try.
"""

from __future__ import annotations

from dataclasses import replace

from crawler.configuration import Configuration
from crawler.errors import ConfigurationError, UnusableUrl
from crawler.imaging import missing_package
from crawler.urls import identify
from storage.protocol import Store
from storage.types import Article, Document, DocumentRole, Selection, WantedImage, utc_now

OPTION = "images.store"


def is_lead_image(document: Document) -> bool:
    """Whether a document is fetched because an article shows it, and for nothing else."""
    return document.role is DocumentRole.LEAD_IMAGE


def wanted_image(article: Article) -> WantedImage | None:
    """The lead image of an article, to be fetched; ``None`` where it names none that can be requested."""
    url = article.lead_image_url
    try:
        return WantedImage(url=url, identity=replace(identify(url), memento=None)) if url else None
    except UnusableUrl:
        return None


def require_decoder(configuration: Configuration) -> None:
    """Refuse a run that is to store images where nothing is installed that can read them.

    Raises:
        ConfigurationError: says what to install.
    """
    if configuration.flag(OPTION) and (reason := missing_package()):
        raise ConfigurationError(f"{OPTION} is true, but {reason}")


def as_configured(configuration: Configuration, store: Store, selection: Selection) -> Selection:
    """The selection without lead images where they are not to be stored.

    A selection that names a role is slower to lease, so it stays as it is in a library that has no image due.
    """
    if configuration.flag(OPTION) or selection.role is not None:
        return selection
    images = replace(selection, role=DocumentRole.LEAD_IMAGE)
    some = next(iter(store.due(images, now=utc_now(), limit=1)), None)
    return selection if some is None else replace(selection, role=DocumentRole.SOURCE)
