"""A PostgreSQL database into a file and back, by PostgreSQL's own programs.

Why ``pg_dump`` and not our own rows as JSON: it knows every type, index and sequence, and whoever has to restore at
night finds its manual everywhere. Why the dump is told a snapshot: the counts of rows are then those of the dump, and
not of a moment later. Why the password goes by the environment: every user of the machine can read command lines.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL, Connection, text

from storage.errors import LibraryError

_MAJOR = re.compile(r"\(PostgreSQL\) (\d+)")
_LOCK_WAIT = "--lock-wait-timeout=30s"
_LEFT_OUT = "--exclude-schema=dateline_queue"
"""Workers' queue (`crawler.queueing`): it is filled again from the library's tables, and another program's to make."""
_SAID = 5


def dump(connection: Connection, url: URL, target: Path) -> None:
    """Write what the connection's transaction sees into a new file.

    Args:
        connection: in a repeatable-read transaction, which must last until this returns.
        url: of the same database.
        target: the file to make.

    Raises:
        LibraryError: ``pg_dump`` is missing, older than the server, or failed.
    """
    program = _program("pg_dump")
    _require_as_new(program, int(connection.scalar(text("SHOW server_version_num"))) // 10_000)
    # The transaction idles while the program works.
    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
    _run([program, "--format=custom", _LOCK_WAIT, _LEFT_OUT, f"--snapshot={snapshot}", f"--file={target}"], url)


def load(url: URL, source: Path) -> None:
    """Fill an empty database from such a file, all or nothing.

    Raises:
        LibraryError: ``pg_restore`` is missing or failed; the database is as empty as before.
    """
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run([_program("pg_restore"), *options], url, str(source))


def require_loader() -> None:
    """Refuse to begin where ``pg_restore`` is missing."""
    _program("pg_restore")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise LibraryError(f"the program {name} is not installed: install PostgreSQL's client (postgresql-client)")
    return found


def _require_as_new(program: str, server: int) -> None:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found on PATH
    found = _MAJOR.search(said.stdout)
    if found and int(found[1]) < server:
        raise LibraryError(
            f"{program} is of PostgreSQL {found[1]}, the server of {server}: a dump needs a client as new as the"
            f" server, install postgresql-client-{server}"
        )


def _run(command: list[str], url: URL, *arguments: str) -> None:
    address, secrets = _connection_string(url)
    words = [*command, "--no-password", f"--dbname={address}", *arguments]
    done = subprocess.run(words, capture_output=True, env=os.environ | secrets, check=False)  # noqa: S603 - no shell
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[:_SAID]
        raise LibraryError(f"{Path(command[0]).name} failed: " + "\n".join(said or [f"status {done.returncode}"]))


def _connection_string(url: URL) -> tuple[str, dict[str, str]]:
    """What libpq is told on the command line, and what by the environment."""
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - an extra, there where PostgreSQL is used

    _, told = url.get_dialect()().create_connect_args(url)
    secret = told.pop("password", None)
    return make_conninfo(**told), {"PGPASSWORD": str(secret)} if secret else {}
