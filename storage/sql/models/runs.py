"""Table of the crawl runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.columns import Json
from storage.sql.models.base import Base


class CrawlRunRow(Base):
    """One run of a command that fetches or rebuilds."""

    __tablename__ = "crawl_runs"

    token: Mapped[str] = mapped_column(primary_key=True)
    command: Mapped[str]
    machine: Mapped[str]
    pid: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(index=True)
    heartbeat_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    state: Mapped[str]
    counts: Mapped[dict[str, Any]] = mapped_column(Json)
