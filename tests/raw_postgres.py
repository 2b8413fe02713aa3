"""A PostgreSQL database past the code that is tested: to look at its tables, and to empty them."""

import psycopg
from sqlalchemy import make_url

from crawler.queueing.reaching import SCHEMA


def connected(url, *, schema=None, autocommit=True):
    """A connection to the database that SQLAlchemy knows by this address; names without a schema are of this one."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    options = f"-c search_path={schema}" if schema else None
    return psycopg.connect(address, autocommit=autocommit, options=options)


def drop_queue(url):
    """Leave a library's database without a queue."""
    with connected(url) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def ask_queue(url, statement, *values):
    """What the queue's tables say to a statement."""
    with connected(url, schema=SCHEMA) as connection:
        return rows_of(connection.execute(statement, values))


def rows_of(cursor):
    """What a statement brought; nothing where it is none that brings rows."""
    return cursor.fetchall() if cursor.description else []
