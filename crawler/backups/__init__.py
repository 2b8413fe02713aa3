"""Copying a library while it is at work, and making one from a copy.

A backup is a folder: ``database/`` with copies of the database named by their time, ``captures/`` with the WARC files,
``dateline.toml``, ``manifest.json`` that lists all of it with sizes and digests, and ``manifest.sha256`` for
``sha256sum -c``. `manifest` reads and writes the list, `places` says where its files lie, `copying` copies one file,
`making` makes a backup and `restoring` a library.

Why one folder of captures for all copies of the database: captures are only appended to, so that every file of today
holds the records of every earlier day. Rejected: a whole folder per day made of hard links (not every disk for backups
has them, and what was taken down would stay in all of them).

Why what is new is collected in ``incoming/`` first: a backup that is killed must leave the former one as it was. The
new list is written there last; from that moment the new backup holds, and what remains is to move its files to their
places, which the next program does where this one was killed.
"""

from crawler.backups.making import BackupReport, make_backup
from crawler.backups.manifest import DatabaseSnapshot, Manifest, StoredFile
from crawler.backups.restoring import RestoreReport, restore_backup

__all__ = [
    "BackupReport",
    "DatabaseSnapshot",
    "Manifest",
    "RestoreReport",
    "StoredFile",
    "make_backup",
    "restore_backup",
]
