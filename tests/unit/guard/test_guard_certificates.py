"""What is said of a certificate; handshakes with real ones are in tests/crawl/test_hostile_network.py."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL.crypto import X509

from crawler.guard import CertificateCheck


def certificate(*names):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "paper.example")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1, now, now + timedelta(days=1))
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False
        )
    return X509.from_cryptography(builder.sign(key, hashes.SHA256()))


GOOD = certificate("paper.example", "*.paper.example")


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("host", ["paper.example", "www.paper.example"])
def test_a_good_certificate_is_verified(host, strict):
    check = CertificateCheck(strict=strict)
    assert check.said == ""
    assert check.judge(GOOD, host, 0, 1)
    assert check.said == ""
    assert check.judge(GOOD, host, 0, 0)
    assert check.said == "verified"


@pytest.mark.parametrize(
    ("host", "error", "depth", "problem"),
    [
        ("paper.example", 10, 0, "it has expired"),
        ("paper.example", 20, 0, "its issuer is not known"),
        ("paper.example", 4711, 0, "OpenSSL's error 4711"),
        ("other.example", 0, 0, "it is not for other.example"),
        ("deep.www.paper.example", 0, 0, "it is not for deep.www.paper.example"),
        ("8.8.8.8", 0, 0, "it is not for 8.8.8.8"),
    ],
)
def test_a_bad_one_ends_a_strict_handshake_and_is_noted_of_one_that_is_not(host, error, depth, problem):
    strict, lax = CertificateCheck(strict=True), CertificateCheck(strict=False)
    assert not strict.judge(GOOD, host, error, depth)
    assert lax.judge(GOOD, host, error, depth)
    assert strict.problem == lax.problem == problem
    assert lax.said == f"unverified: {problem}"


def test_a_bad_certificate_in_the_chain_is_not_forgotten_over_a_good_one():
    check = CertificateCheck(strict=True)
    assert not check.judge(GOOD, "paper.example", 10, 1)
    assert not check.judge(GOOD, "paper.example", 0, 0)
    assert check.problem == "it has expired"


def test_a_common_name_is_no_name_of_a_host():
    check = CertificateCheck(strict=True)
    assert not check.judge(certificate(), "paper.example", 0, 0)
    assert check.problem == "it names no host"


def test_a_certificate_that_cannot_be_read_is_not_trusted():
    check = CertificateCheck(strict=True)
    assert not check.judge(None, "paper.example", 0, 0)
    assert "cannot be read" in check.problem
