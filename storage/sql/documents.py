"""Making documents and hosts, and keeping each host's copy of "first document due" right.

Why feeds do not count there: a plain crawl leaves them alone, and hosts with nothing but a feed due would be looked
through in vain each time. A poll finds its hosts through the feeds, which are few.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, literal_column, or_, select, update

from storage.sql.bulk import add_numbered
from storage.sql.chunks import chunks
from storage.sql.columns import storable
from storage.sql.models import DocumentRow, HostRow
from storage.sql.rows import memento_values, new_document, url_digest
from storage.types import DocumentIdentity, DocumentRole, Outcome


def ensure_documents(
    connection: Connection,
    identities: Iterable[DocumentIdentity],
    *,
    now: datetime,
    due_at: datetime | None,
    role: DocumentRole = DocumentRole.SOURCE,
) -> tuple[dict[str, int], int]:
    """Make the documents that are missing.

    Returns the id of each by canonical URL, and how many are new. A source that is known learns of a memento if it
    had none; one that was only imported so far becomes due with the others; what was a lead image or a feed only is a
    source from now on. A lead image or a feed changes nothing of a document that is known.
    """
    wanted = {identity.canonical_url: identity for identity in identities}
    with_memento = {identity.canonical_url: identity for identity in identities_with_memento(wanted.values())}
    ids: dict[str, int] = {}
    added = 0
    for piece in chunks(wanted.values()):
        found = known_documents(connection, piece)
        missing = [identity for identity in piece if identity.canonical_url not in found]
        if role is DocumentRole.SOURCE:
            _add_mementos(connection, found, with_memento)
            _make_sources(connection, found.values(), due_at)
            if due_at is not None:
                _wake_imported(connection, found.values(), due_at)
        found |= _insert(connection, missing, now=now, due_at=due_at, role=role)
        ids |= found
        added += len(missing)
    return ids, added


def identities_with_memento(identities: Iterable[DocumentIdentity]) -> list[DocumentIdentity]:
    """Those that know a memento."""
    return [identity for identity in identities if identity.memento is not None]


def known_documents(connection: Connection, identities: Iterable[DocumentIdentity]) -> dict[str, int]:
    """Ids of those of the documents that are there, by canonical URL."""
    urls = {url_digest(identity.canonical_url): identity.canonical_url for identity in identities}
    found: dict[str, int] = {}
    for piece in chunks(urls):
        rows = connection.execute(
            select(DocumentRow.url_digest, DocumentRow.id).where(DocumentRow.url_digest.in_(piece))
        )
        found |= {urls[bytes(digest)]: document_id for digest, document_id in rows}
    return found


def _add_mementos(connection: Connection, found: Mapping[str, int], known: Mapping[str, DocumentIdentity]) -> None:
    for url in found.keys() & known.keys():
        statement = update(DocumentRow).where(DocumentRow.id == found[url], DocumentRow.memento_url.is_(None))
        connection.execute(statement, memento_values(known[url].memento))


def _make_sources(connection: Connection, document_ids: Collection[int], due_at: datetime | None) -> None:
    """What was a feed is to be fetched as a source, so it is due, as `HostRow` knows from now on."""
    shown = (DocumentRow.id.in_(document_ids), DocumentRow.role == DocumentRole.LEAD_IMAGE)
    connection.execute(update(DocumentRow).where(*shown).values(role=DocumentRole.SOURCE))
    polled = (DocumentRow.id.in_(document_ids), DocumentRow.role == DocumentRole.FEED)
    if hosts := set(connection.scalars(select(DocumentRow.host_id).where(*polled))):
        connection.execute(update(DocumentRow).where(*polled).values(role=DocumentRole.SOURCE, next_fetch_at=due_at))
        refresh_due(connection, hosts)


def _wake_imported(connection: Connection, document_ids: Iterable[int], due_at: datetime) -> None:
    """What was only imported so far, never fetched, is due once it is wanted."""
    asleep = (
        DocumentRow.id.in_(document_ids),
        DocumentRow.last_outcome == Outcome.IMPORTED,
        DocumentRow.next_fetch_at.is_(None),
    )
    hosts = set(connection.scalars(select(DocumentRow.host_id).where(*asleep)))
    if hosts:
        connection.execute(update(DocumentRow).where(*asleep).values(next_fetch_at=due_at))
        refresh_due(connection, hosts)


def _insert(
    connection: Connection,
    missing: list[DocumentIdentity],
    *,
    now: datetime,
    due_at: datetime | None,
    role: DocumentRole,
) -> dict[str, int]:
    if not missing:
        return {}
    host_due_at = None if role is DocumentRole.FEED else due_at
    hosts = ensure_hosts(connection, {identity.host for identity in missing}, host_due_at)
    rows = [
        new_document(identity, hosts[storable(identity.host)], now=now, due_at=due_at) | {"role": role}
        for identity in missing
    ]
    ids = add_numbered(connection, DocumentRow, rows)
    return {identity.canonical_url: document_id for identity, document_id in zip(missing, ids, strict=True)}


def ensure_hosts(connection: Connection, names: Iterable[str], due_at: datetime | None) -> dict[str, int]:
    """Ids of hosts by name, made where they are missing, that are about to get documents due at ``due_at``."""
    wanted = {storable(name) for name in names}
    statement = select(HostRow.name, HostRow.id).where(HostRow.name.in_(wanted))
    hosts = {name: host_id for name, host_id in connection.execute(statement)}  # noqa: C416 -- rows are no pairs
    if due_at is not None and hosts:
        later = or_(HostRow.due_at.is_(None), HostRow.due_at > due_at)
        connection.execute(update(HostRow).where(HostRow.id.in_(hosts.values()), later), {"due_at": due_at})
    if missing := sorted(wanted - hosts.keys()):
        ids = add_numbered(connection, HostRow, [{"name": name, "due_at": due_at} for name in missing])
        hosts |= dict(zip(missing, ids, strict=True))
    return hosts


def is_no_feed() -> ColumnElement[bool]:
    """That a document is no feed; written out, so that no plan depends on a parameter."""
    return DocumentRow.role != literal_column(f"'{DocumentRole.FEED}'")


def refresh_due(connection: Connection, host_ids: Iterable[int]) -> None:
    """Look up again when the first document of these hosts is due; feeds do not count."""
    first = (
        select(func.min(DocumentRow.next_fetch_at))
        .where(DocumentRow.host_id == HostRow.id, DocumentRow.next_fetch_at.is_not(None), is_no_feed())
        .scalar_subquery()
    )
    for piece in chunks(sorted(set(host_ids))):
        connection.execute(update(HostRow).where(HostRow.id.in_(piece)).values(due_at=first))
