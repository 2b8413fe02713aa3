"""The tables, as typed declarative models: one module per domain.

Why the models are used for schema and statements, but rows are never handled as ORM objects: every method of the
store is one short transaction that writes batches; a unit of work that tracks objects would cost more than the
database does and hide which statements run.
"""

from storage.sql.models.archives import (
    ArchiveAnswerRow,
    ArchiveSaveRow,
    ArchiveSearchRow,
    BackfillRow,
    HeldFileRow,
    HeldRecordRow,
)
from storage.sql.models.articles import (
    ArticleKeyRow,
    ArticleRow,
    ArticleVersionRow,
    ClusterMemberRow,
    ClusterRow,
    EventLinkRow,
    HostLineRow,
    LeadImageRow,
    ReextractionRow,
    SightingRow,
    SignalKeysRow,
)
from storage.sql.models.base import Base
from storage.sql.models.documents import (
    AttemptRow,
    CaptureRow,
    DocumentRow,
    HostProbeRow,
    HostRow,
    StoredImageRow,
)
from storage.sql.models.events import EventKeyRow, EventRevisionRow, EventRow, SourceLinkRow
from storage.sql.models.runs import CrawlRunRow

__all__ = [
    "ArchiveAnswerRow",
    "ArchiveSaveRow",
    "ArchiveSearchRow",
    "ArticleKeyRow",
    "ArticleRow",
    "ArticleVersionRow",
    "AttemptRow",
    "BackfillRow",
    "Base",
    "CaptureRow",
    "ClusterMemberRow",
    "ClusterRow",
    "CrawlRunRow",
    "DocumentRow",
    "EventKeyRow",
    "EventLinkRow",
    "EventRevisionRow",
    "EventRow",
    "HeldFileRow",
    "HeldRecordRow",
    "HostLineRow",
    "HostProbeRow",
    "HostRow",
    "LeadImageRow",
    "ReextractionRow",
    "SightingRow",
    "SignalKeysRow",
    "SourceLinkRow",
    "StoredImageRow",
]
