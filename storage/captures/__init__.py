"""Raw captures: everything that servers answered, as WARC 1.1 files that any archive tool reads.

Written through `CaptureWriter`, read back through `CaptureReader`, compared with the database by `verify`, put in order
after a crash by `recover`, taken down by `finish_removals`. Rows of the database point into these files; a record is on
disk (`CaptureWriter.sync`) before its row is committed.

Why WARC and not a table of blobs: the captures outlive this program. ISO 28500 is what web archives keep, index and
replay, so a library can be handed to one as it is. One gzip member per record keeps every record readable alone.

Needs ``fcntl``, so a POSIX system.
"""

from storage.captures.content import MAX_CONTENT, Content, content_of, decoded_content
from storage.captures.moving import StoredRevisit, stored_revisit
from storage.captures.reader import CaptureReader
from storage.captures.records import sha256 as payload_digest
from storage.captures.recovery import Recovered, recover
from storage.captures.removal import Removed, finish_removals, remove_uncommitted
from storage.captures.verification import Problem, ProblemKind, verify
from storage.captures.writer import CaptureWriter

__all__ = [
    "MAX_CONTENT",
    "CaptureReader",
    "CaptureWriter",
    "Content",
    "Problem",
    "ProblemKind",
    "Recovered",
    "Removed",
    "StoredRevisit",
    "content_of",
    "decoded_content",
    "finish_removals",
    "payload_digest",
    "recover",
    "remove_uncommitted",
    "stored_revisit",
    "verify",
]
