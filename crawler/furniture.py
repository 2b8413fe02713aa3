"""Host memory at work: what a host prints at the edges of its pages goes from an article, whoever extracted it.

Why one home: a fresh page, an archived copy, a replayed capture and one that is extracted again must come to the same
text, or each way of looking at a page would make a new version of it.
"""

from __future__ import annotations

from crawler.dedup import fingerprint
from crawler.extraction.memory import without_familiar
from storage.protocol import Store
from storage.types import Article, Document


def without_furniture(store: Store, document: Document, article: Article) -> Article:
    """The article without the lines at its edges that other documents of its host show too, with its fingerprints.

    The very same object where nothing is cut.
    """
    if not article.edge_lines:
        return article
    familiar = store.familiar_lines(document.host, article.edge_lines, document_id=document.id)
    cut = without_familiar(article, familiar) if familiar else article
    return article if cut is article else fingerprint(cut)
