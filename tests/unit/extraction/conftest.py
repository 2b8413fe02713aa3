from datetime import UTC, datetime

import pytest

from crawler.extraction.document import parse_page


@pytest.fixture
def parsed():
    """Parses a head and a body into a page, captured on 1 June 2010."""

    def parse(body="", head="", url="http://www.paper.example/story", lang=""):
        html = f"<html{f' lang={lang}' if lang else ''}><head>{head}</head><body>{body}</body></html>"
        return parse_page(html, url, datetime(2010, 6, 1, 12, tzinfo=UTC))

    return parse
