"""Host memory of the in-memory store: at the edges of which documents of a host a line stood."""

from __future__ import annotations

from collections.abc import Iterable

from storage.memory.library import Library
from storage.placing import LINE_DOCUMENTS, MOST_FAMILIAR


def familiar_lines(library: Library, host: str, lines: Iterable[int], *, document_id: int) -> dict[int, int]:
    """See `storage.article_store.ArticleStore.familiar_lines`."""
    known = library.host_lines.get(host, {})
    others = {line: len(known.get(line, set()) - {document_id}) for line in sorted(set(lines))}
    return {line: min(number, MOST_FAMILIAR) for line, number in others.items() if number}


def add_lines(library: Library, document_id: int, lines: Iterable[int]) -> None:
    """Write down that these lines stood on the document, unless enough others are known to have them."""
    if _is_copy(library, document_id):
        return
    known = library.host_lines.setdefault(library.documents[document_id].host, {})
    for line in lines:
        documents = known.setdefault(line, set())
        if len(documents) < LINE_DOCUMENTS:
            documents.add(document_id)


def replace_lines(library: Library, version_id: int, new: Iterable[int]) -> None:
    """Take the lines of one version off its document, except what any version still has; add the new ones."""
    article_id = library.versions[version_id].article_id
    document = library.documents[library.articles[article_id]]
    old, library.edge_lines[version_id] = library.edge_lines.get(version_id, frozenset()), frozenset(new)
    kept = frozenset[int]().union(*(library.edge_lines[one.id] for one in library.versions_of(article_id)))
    known = library.host_lines.setdefault(document.host, {})
    for line in old - kept:
        if len(known.get(line, ())) < LINE_DOCUMENTS:
            known.get(line, set()).discard(document.id)
    add_lines(library, document.id, library.edge_lines[version_id])


def _is_copy(library: Library, document_id: int) -> bool:
    """Whether an earlier article of the same host tells the same story."""
    document = library.documents[document_id]
    article_id = document.article_id
    if article_id is None:
        return False
    earlier = (one for one in library.clusters[library.cluster_of[article_id]] if one < article_id)
    return any(library.documents[library.articles[one]].host == document.host for one in earlier)
