from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.guard import forbidden, unsafe_target
from crawler.guard.targets import unsafe_port

GOOD = [
    "http://paper.example/",
    "https://www.paper.example/2016/04/08/story.html?id=1#top",
    "http://paper.example",
    "http://paper.example?id=1",
    "HTTP://PAPER.EXAMPLE/",
    "http://paper.example:80/",
    "https://paper.example:8443/",
    "http://paper.example:8080/x",
    "http://paper.example./",
    "http://a_b.paper.example/",
    "http://xn--bcher-kva.example/",
    "http://bücher.example/",
    "http://8.8.8.8/",
    "http://[2606:4700::1111]/",
    "http://paper.example/a\\b",
    "http://paper.example/?next=http://127.0.0.1/",
    "http://paper.example/@user:pass",
]
MALFORMED = [
    "",
    "paper.example",
    "//paper.example/",
    "ftp://paper.example/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http:paper.example",
    "http:/paper.example/",
    "http:///paper.example/",
    "http://",
    "http://@paper.example/",
    "http://user@paper.example/",
    "http://user:secret@paper.example/",
    "http://127.0.0.1:80@paper.example/",
    "http://paper.example\\@other.example/",
    "http:\\\\paper.example/",
    "http://paper .example/",
    "http://paper.example/a b",
    "http://paper.example/\r\nHost: other.example",
    "http://paper.example/\x00",
    " http://paper.example/",
    "http://paper.example/\u2028",
    "http://pa\u200bper.example/",
    "http://0x7f.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://127.0.0.0x1/",
    "http://1.2.3/",
    "http://1.2.3.4.5/",
    "http://256.1.1.1/",
    "http://08.8.8.8/",
    "http://１２７.0.0.1/",
    "http://127。0。0。1/",
    "http://①②⑦.0.0.1/",
    "http://%31%32%37.0.0.1/",
    "http://paper%2eexample/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[::1/",
    "http://::1/",
    "http://[v1.x]/",
    "http://paper..example/",
    "http://.paper.example/",
    "http://paper.example../",
    "http://" + "a" * 64 + ".example/",
    "http://" + "a." * 127 + "example/",
    "http://paper.example:0/",
    "http://paper.example:65536/",
    "http://paper.example:8o/",
    "http://paper.example:-80/",
    "http://paper.example:80:80/",
    "http://paper/",
]
PRIVATE = [
    "http://localhost/",
    "http://LOCALHOST./",
    "http://paper.localhost/",
    "http://printer.local/",
    "http://metadata.google.internal/",
    "http://wiki.corp/",
    "http://nas.home.arpa/",
    "http://127.0.0.1/",
    "http://127.0.0.1./",
    "http://10.0.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://0.0.0.0/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:8.8.8.8]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[fd00:ec2::254]/",
    "http://paper.example:22/",
    "http://paper.example:25/",
    "http://paper.example:6379/",
    "http://paper.example:6667/",
    "https://paper.example:10080/",
]


@pytest.mark.parametrize("url", GOOD)
def test_urls_of_the_public_web_pass(url):
    assert unsafe_target(url) == ""
    assert unsafe_target(url, allow_private=True) == ""


@pytest.mark.parametrize("url", MALFORMED)
def test_what_two_programs_could_read_differently_is_refused_even_with_private_addresses_allowed(url):
    assert unsafe_target(url)
    assert unsafe_target(url, allow_private=True)


@pytest.mark.parametrize("url", PRIVATE)
def test_private_places_and_other_services_are_refused_unless_allowed(url):
    assert unsafe_target(url)
    assert unsafe_target(url, allow_private=True) == ""


@pytest.mark.parametrize("port", [*range(1, 80), *range(81, 443), *range(444, 1024), 3306, 5432, 11211, 2375, 10250])
def test_ports_of_other_services_are_refused(port):
    assert str(port) in unsafe_port(port)


@settings(deadline=None)
@given(st.text())
def test_no_text_makes_it_raise(text):
    assert isinstance(unsafe_target(text), str)
    assert isinstance(unsafe_target(f"http://{text}"), str)


@settings(deadline=None)
@given(st.text(alphabet="0123456789abcdefx.:[]%@/\\?#-１。"), st.sampled_from(["/", "", ":8080/x"]))
def test_what_passes_is_read_alike_by_the_standard_library_and_is_no_special_address(authority, rest):
    url = f"http://{authority}{rest}"
    if unsafe_target(url):
        return
    split = urlsplit(url)
    assert split.username is None
    host = split.hostname.replace("。", ".").removesuffix(".")
    assert host.split(".")[-1][:1].isalpha() or not forbidden(host)
    assert split.port in {None, 80, 8080} or split.port > 1023
