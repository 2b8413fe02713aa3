"""A crowd of cited pages, all with the same story of captures: for backfills that are doubled, limited or killed."""

import archive_layouts as layouts
import archive_stories as stories
from archive_pages import Cited, article, obstacle


def crowd(size):
    """``size`` documents on hosts of their own; of each the nearest copy is a soft 404 and the next one good."""
    return tuple(_member(number) for number in range(size))


def _member(number):
    paper = f"Parish Paper {number:02}"
    url = f"http://www.parish-{number:02}.example/2012/04/bridge.html"
    return Cited(
        name=f"parish {number:02}",
        url=url,
        day="2012-04-16",
        headline="The swing bridge over Kettle Sound opens after seven years.",
        label=paper,
        shots=(
            obstacle(f"201204181000{number:02}", url, layouts.SOFT_404, paper=paper),
            article(f"201206111000{number:02}", url, stories.BRIDGE, layouts.DIVS, paper=paper, dated="16 April 2012"),
        ),
        accepted=f"201206111000{number:02}",
        rejected=((f"201204181000{number:02}", "soft_404"),),
    )
