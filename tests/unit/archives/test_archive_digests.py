import gzip
import hashlib
from base64 import b32encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archives.digests import MOST_UNPACKED, digest_check, forms_of, unpacked_gzip
from storage.types import DigestCheck

PAGE = b"<html>The ferry ran aground.</html>"


def digest(name, data=PAGE, **options):
    return hashlib.new(name, data, **options).digest()


@pytest.mark.parametrize(
    "stated",
    [
        b32encode(digest("sha1")).decode(),
        "sha1:" + b32encode(digest("sha1")).decode(),
        b32encode(digest("sha1")).decode().lower(),
        digest("sha1").hex(),
        digest("sha1").hex().upper(),
        "sha256:" + digest("sha256").hex(),
        "sha256:" + b32encode(digest("sha256")).decode(),
        b32encode(digest("sha256")).decode().rstrip("="),
        digest("md5").hex(),
    ],
)
def test_a_digest_is_known_in_all_the_ways_in_which_indexes_write_it(stated):
    assert digest_check(stated, [PAGE]) is DigestCheck.MATCHES
    assert digest_check(stated, [PAGE + b" "]) is DigestCheck.DIFFERS


@pytest.mark.parametrize("stated", ["", "-", "sha1:", "none", "3", "Q" * 31, "Ä" * 32, "0" * 33, "sha512:" + "0" * 128])
def test_what_is_no_known_digest_is_not_checked(stated):
    assert digest_check(stated, [PAGE]) is DigestCheck.NOT_CHECKED


def test_any_form_of_a_payload_may_be_the_one_that_was_digested():
    packed = gzip.compress(PAGE)
    for stored in (PAGE, packed):
        stated = b32encode(digest("sha1", stored)).decode()
        assert digest_check(stated, forms_of(packed, PAGE)) is DigestCheck.MATCHES
        assert digest_check(stated, forms_of(packed)) is DigestCheck.MATCHES, "no header named the encoding"


def test_repeats_are_digested_once():
    assert list(forms_of(PAGE, PAGE)) == [PAGE]
    assert list(forms_of(PAGE)) == [PAGE]


def test_a_bomb_is_unpacked_to_a_limit_only():
    bomb = gzip.compress(bytes(MOST_UNPACKED + 1000))
    assert len(unpacked_gzip(bomb)) == MOST_UNPACKED
    assert len(unpacked_gzip(bomb, 100)) == 100


def test_a_broken_gzip_is_what_it_is():
    assert unpacked_gzip(b"\x1f\x8b and nothing more") == b""
    assert list(forms_of(b"\x1f\x8b and nothing more")) == [b"\x1f\x8b and nothing more"]


@given(st.text(max_size=80), st.binary(max_size=60))
def test_nothing_is_too_strange(stated, payload):
    assert digest_check(stated, forms_of(b"\x1f\x8b" + payload, payload)) in DigestCheck
