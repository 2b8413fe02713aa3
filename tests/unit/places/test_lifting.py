"""Records of files that were moved out are taken from where they are."""

import os

from storage.captures.lifting import records_of
from storage.types import KnownPayload


def test_records_of_a_file_that_was_moved_out_are_its_own_bytes(shelf):
    payload = os.urandom(3000)
    first = shelf.fetch(payload, b"<p>between</p>")
    known = KnownPayload.of(first.captures[0])
    again = shelf.fetch(payload, token="fedcba9876543210", known={known.payload_digest: known})
    before = {
        one.location.file: (shelf.captures / one.location.file).read_bytes()
        for one in (*first.captures, *again.captures)
    }
    shelf.run()
    assert len(shelf.move()) == 2
    assert not list(shelf.captures.glob("*.warc.gz"))
    with shelf.reader() as reader:
        for capture, types in (
            (first.captures[0], ["request", "response"]),
            (first.captures[1], ["request", "response"]),
            (again.captures[0], ["response", "request", "revisit"]),
        ):
            found = records_of(reader, capture, known)
            assert [one.head.type for one in found.all()] == types
            assert all(one.member in before[one.file] for one in found.all())
