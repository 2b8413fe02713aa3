"""What ``dateline show`` says of a source: one line."""

from datetime import UTC, datetime

import pytest

from crawler.cli.show import print_event
from crawler.events import read_entries
from storage.types import Document, EventView, Memento, Outcome, SourceView

URL = "http://radio.example/1"
MOMENT = datetime(2012, 10, 9, 23, 59, 1, tzinfo=UTC)
PAGE = f"### [2006-07-5](/news/2006/07/5/index.md)\n\n# Trams stop\n\n### Source:\n\n1. [Radio]({URL})\n"
COPY = Memento(
    archive="old-pages", url=f"http://old.example/{URL}", page_url=URL, captured_at=MOMENT, requested_at=MOMENT
)


@pytest.mark.parametrize(
    ("memento", "failures", "said"),
    [
        (None, 0, "    article 22 Trams Stop"),
        (COPY, 0, "    article 22 Trams Stop (archived 2012-10-09, old-pages)"),
        (COPY, 1, "    article 22 Trams Stop (archived 2012-10-09, old-pages) (last attempt: gone)"),
    ],
)
def test_source_whose_text_an_archive_gave_names_it(capsys, memento, failures, said):
    (entry,) = read_entries("page.md", PAGE.encode())
    document = Document(
        id=1,
        canonical_url=URL,
        request_url=URL,
        url_key="",
        host="",
        added_at=MOMENT,
        article_id=22,
        failures=failures,
        last_outcome=Outcome.GONE,
    )
    source = SourceView(link=entry.sources[0], document=document, headline="Trams Stop", memento=memento)
    view = EventView(
        entry=entry,
        aliases=(),
        revision=1,
        imported_at=MOMENT,
        revised_at=MOMENT,
        sources=(source,),
        related=(),
        links=(),
    )
    print_event(view)
    assert said in capsys.readouterr().out.splitlines()
