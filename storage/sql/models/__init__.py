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
    ArticleRow,
    ArticleTextRow,
    ArticleVersionRow,
    ClusterMemberRow,
    ClusterRow,
    EventLinkRow,
    HostLineRow,
    KeyIndexRow,
    LeadImageRow,
    ReextractionRow,
    RelationRow,
    SightingRow,
    SignalKeysRow,
)
from storage.sql.models.attempts import AttemptBatchRow, ThinnedDocumentRow
from storage.sql.models.base import Base
from storage.sql.models.curation import MarkRow, OrderRow
from storage.sql.models.discovery import DiscoveryRow, DocumentClaimRow, DocumentMergeRow, FeedRow
from storage.sql.models.documents import (
    AttemptRow,
    CaptureRow,
    DocumentRow,
    HostProbeRow,
    HostRow,
    StoredImageRow,
)
from storage.sql.models.events import (
    EventEntityRow,
    EventKeyRow,
    EventRevisionRow,
    EventRow,
    EventTextRow,
    SourceLinkRow,
)
from storage.sql.models.places import CompatibilityRow, StoredFileRow
from storage.sql.models.runs import AlertRow, HostDayRow, JobMarkRow, RunRow
from storage.sql.models.takedowns import RemovalRow, TakedownRow

__all__ = [
    "AlertRow",
    "ArchiveAnswerRow",
    "ArchiveSaveRow",
    "ArchiveSearchRow",
    "ArticleRow",
    "ArticleTextRow",
    "ArticleVersionRow",
    "AttemptBatchRow",
    "AttemptRow",
    "BackfillRow",
    "Base",
    "CaptureRow",
    "ClusterMemberRow",
    "ClusterRow",
    "CompatibilityRow",
    "DiscoveryRow",
    "DocumentClaimRow",
    "DocumentMergeRow",
    "DocumentRow",
    "EventEntityRow",
    "EventKeyRow",
    "EventLinkRow",
    "EventRevisionRow",
    "EventRow",
    "EventTextRow",
    "FeedRow",
    "HeldFileRow",
    "HeldRecordRow",
    "HostDayRow",
    "HostLineRow",
    "HostProbeRow",
    "HostRow",
    "JobMarkRow",
    "KeyIndexRow",
    "LeadImageRow",
    "MarkRow",
    "OrderRow",
    "ReextractionRow",
    "RelationRow",
    "RemovalRow",
    "RunRow",
    "SightingRow",
    "SignalKeysRow",
    "SourceLinkRow",
    "StoredFileRow",
    "StoredImageRow",
    "TakedownRow",
    "ThinnedDocumentRow",
]
