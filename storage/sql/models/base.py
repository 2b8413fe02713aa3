"""What all tables share: how Python types become columns, and how constraints are named."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from sqlalchemy import BigInteger, Double, ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, mapped_column

from storage.sql.columns import BigId, StoredText, UtcDateTime

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables; constraints have predictable names, so that migrations can speak of them."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar = {
        int: BigInteger(),
        float: Double(),
        str: StoredText(),
        datetime: UtcDateTime(),
    }


Id = Annotated[int, mapped_column(BigId, primary_key=True)]
EventId = Annotated[int, mapped_column(ForeignKey("events.id"))]
EventKeyId = Annotated[int, mapped_column(ForeignKey("event_keys.id"))]
HostId = Annotated[int, mapped_column(ForeignKey("hosts.id"))]
DocumentId = Annotated[int, mapped_column(ForeignKey("documents.id"))]
AttemptId = Annotated[int, mapped_column(ForeignKey("attempts.id"))]
CaptureId = Annotated[int, mapped_column(ForeignKey("captures.id"))]
ArticleId = Annotated[int, mapped_column(ForeignKey("articles.id"))]
VersionId = Annotated[int, mapped_column(ForeignKey("article_versions.id"))]
ClusterId = Annotated[int, mapped_column(ForeignKey("clusters.id"))]
