"""What a crawler on somebody's network must not do, and what a server must not do to it.

`addresses` and `targets` are pure: which addresses and which URLs belong to the public web. `connecting` holds every
connection to that, `certificates` says what TLS proved, `limits` bounds what arrives. `crawler.handlers` puts them
around each request.
"""

from crawler.guard.addresses import forbidden
from crawler.guard.certificates import CertificateCheck
from crawler.guard.connecting import GuardedReactor
from crawler.guard.errors import ForbiddenAddress, ResponseTooLarge, UntrustedCertificate
from crawler.guard.limits import Wire
from crawler.guard.targets import private_host, unsafe_target

__all__ = [
    "CertificateCheck",
    "ForbiddenAddress",
    "GuardedReactor",
    "ResponseTooLarge",
    "UntrustedCertificate",
    "Wire",
    "forbidden",
    "private_host",
    "unsafe_target",
]
