from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.archives import DIALECTS, PLACES, ArchivePlace, Pool, Wanted, Window, archive_of
from crawler.archives.cdx import MOST_QUESTIONS
from crawler.errors import ConfigurationError
from storage.types import KnownMemento

INTERNET_ARCHIVE, ARQUIVO = PLACES[1], PLACES[2]


def place(dialect="pywb", **fields):
    given = {"index_url": "https://memory.example/news/cdx", "replay_url": "https://memory.example/news/"}
    return ArchivePlace(name="memory", kind="cdx", dialect=dialect, **(given | fields))


def query(question):
    return {name: values[0] for name, values in parse_qs(urlsplit(question.url).query).items()}


def test_the_internet_archive_is_asked_for_one_window_with_all_fourteen_digits(wanted):
    (question,) = archive_of(INTERNET_ARCHIVE).begin(wanted)
    assert question.url.startswith("https://web.archive.org/cdx/search/cdx?")
    assert question.pool is Pool.INDEX
    assert query(question) == {
        "url": "http://harbour.example/news/ferry",
        "from": "20060703000000",
        "to": "20160703000000",
        "matchType": "exact",
        "output": "json",
        "fl": "urlkey,timestamp,original,mimetype,statuscode,digest,length",
        "filter": "!statuscode:5..",
        "resolveRevisits": "true",
        "showResumeKey": "true",
        "limit": "1000",
    }


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_dialect_asks_for_the_closest_copy_or_for_page_numbers(wanted, dialect):
    (question,) = archive_of(place(dialect)).begin(wanted)
    assert not {"closest", "sort", "page", "showNumPages", "collapse"} & set(query(question))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_open_window_states_no_bounds(dialect):
    anything = Wanted(url="http://harbour.example/", url_key="example,harbour)/", window=Window())
    (question,) = archive_of(place(dialect)).begin(anything)
    assert not {"from", "to"} & set(query(question))


def test_a_url_with_its_own_query_and_a_star_stays_one_value():
    url = "http://harbour.example/a?b=1&limit=9&from=x*"
    exact = Wanted(url=url, url_key="", window=Window())
    (question,) = archive_of(place()).begin(exact)
    assert parse_qs(urlsplit(question.url).query)["url"] == [url]
    assert query(question)["matchType"] == "exact"


def test_only_what_every_server_of_its_kind_understands_is_sent_to_an_unknown_one(wanted):
    (question,) = archive_of(place("")).begin(wanted)
    assert set(query(question)) == {"url", "from", "to", "matchType", "output", "limit"}


def test_an_archive_of_which_only_the_replay_is_known_is_not_asked_for_lists(wanted):
    assert archive_of(place(index_url="")).begin(wanted) == ()


def test_a_resume_key_is_encoded_once_more_and_asked_for_with_the_same_window(wanted, recorded):
    archive = archive_of(INTERNET_ARCHIVE)
    (first,) = archive.begin(wanted)
    (second,) = archive.heard(wanted, recorded("cdx-json-page-1", first.url, about=first.about)).questions
    assert query(second) == query(first) | {"resumeKey": "example%2Charbour%29%2Fnews%2Fferry+20060709010204"}
    assert (first.about, second.about) == ("page 1", "page 2")


def test_a_server_that_always_sends_another_key_is_left_after_some_pages(wanted, recorded):
    archive = archive_of(INTERNET_ARCHIVE)
    questions, asked = archive.begin(wanted), 0
    while questions:
        (question,) = questions
        asked += 1
        answer = recorded("cdx-text-page-1", question.url, about=question.about)
        body = answer.body.replace(b"20060709010204", f"2006070901{asked:04}".encode())
        questions = archive.heard(
            wanted, recorded("cdx-text-page-1", question.url, about=question.about, body=body)
        ).questions
    assert asked == MOST_QUESTIONS


def test_a_server_that_sends_the_same_key_again_is_asked_once_more_only(wanted, recorded):
    archive = archive_of(INTERNET_ARCHIVE)
    (first,) = archive.begin(wanted)
    (second,) = archive.heard(wanted, recorded("cdx-text-page-1", first.url)).questions
    assert archive.heard(wanted, recorded("cdx-text-page-1", second.url)).questions == ()


@pytest.mark.parametrize("dialect", ["pywb", "arquivo", ""])
def test_a_server_without_resume_keys_is_asked_once(wanted, recorded, dialect):
    archive = archive_of(place(dialect))
    (question,) = archive.begin(wanted)
    heard = archive.heard(wanted, recorded("cdx-text-page-1", question.url))
    assert heard.records
    assert heard.questions == ()


def test_a_copy_is_asked_for_raw(copy):
    archive = archive_of(INTERNET_ARCHIVE)
    question = archive.replay(copy(url="http://harbour.example/news/ferry?a=1&b=2"))
    assert question.url == "https://web.archive.org/web/20060705162011id_/http://harbour.example/news/ferry?a=1&b=2"
    assert question.pool is Pool.REPLAY
    assert question.good_for is None


def test_a_reader_is_sent_to_the_view_and_not_to_the_raw_copy(copy):
    address = archive_of(ARQUIVO).public_url(copy())
    assert address == "https://arquivo.pt/wayback/20060705162011/http://harbour.example/news/ferry"
    assert archive_of(place()).public_url(copy()) == ""


def test_an_archive_without_a_replay_address_gives_no_copy(copy):
    assert archive_of(place(replay_url="")).replay(copy()) is None


@pytest.mark.parametrize(
    ("cited", "asked"),
    [
        ("https://web.archive.org/web/20060705162011/http://harbour.example/a", "20060705162011id_/http://harbour.example/a"),
        ("http://web.archive.org/web/20060705162011im_/http://harbour.example/a", "20060705162011id_/http://harbour.example/a"),
        ("http://web.archive.org/web/2006/http://harbour.example/a", "20060101000000id_/http://harbour.example/a"),
        ("http://liveweb.archive.org/web/20060705/www.harbour.example/a", "20060705000000id_/http://www.harbour.example/a"),
        ("http://web.archive.org/web/20060705162011/http%3A%2F%2Fharbour.example%2Fa", "20060705162011id_/http://harbour.example/a"),
        ("http://web.archive.org/web/20060705162011/http:/harbour.example/a", "20060705162011id_/http://harbour.example/a"),
    ],
)  # fmt: skip
def test_a_cited_copy_is_asked_for_itself(cited, asked):
    question = archive_of(INTERNET_ARCHIVE).cited(KnownMemento(archive="web.archive.org", url=cited))
    assert question.url == f"https://web.archive.org/web/{asked}"


@pytest.mark.parametrize(
    "cited",
    [
        "https://web.archive.org/web/*/http://harbour.example/a",
        "https://web.archive.org/web/http://harbour.example/a",
        "https://web.archive.org/web/20060705162011/mailto:desk@harbour.example",
        "https://arquivo.pt/wayback/20060705162011/http://harbour.example/a",
    ],
)
def test_a_citation_that_names_no_copy_of_this_archive_is_none_of_its_business(cited):
    assert archive_of(INTERNET_ARCHIVE).cited(KnownMemento(archive="x", url=cited)) is None


def test_a_collection_is_not_asked_for_a_copy_in_another_one_of_the_same_server():
    archive = archive_of(place())
    here = KnownMemento(
        archive="memory.example", url="http://memory.example/news/20060705162011/http://harbour.example/"
    )
    there = KnownMemento(
        archive="memory.example", url="http://memory.example/old/20060705162011/http://harbour.example/"
    )
    assert archive.cited(here).url == "https://memory.example/news/20060705162011id_/http://harbour.example/"
    assert archive.cited(there) is None


def test_a_dialect_that_nobody_speaks_is_our_users_mistake():
    with pytest.raises(ConfigurationError, match=r"archives\.memory\.dialect: 'klingon' is none of internet-archive"):
        archive_of(place("klingon"))


def test_bounds_are_moments_in_utc_whatever_the_dialect():
    window = Window(since=datetime(2006, 7, 5, 1, 2, 3, tzinfo=UTC))
    wanted = Wanted(url="http://harbour.example/", url_key="", window=window)
    assert query(archive_of(place("arquivo")).begin(wanted)[0])["from"] == "20060705010203"
