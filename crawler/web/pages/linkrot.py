"""Link rot: what became of the cited pages, by year, host and outcome."""

from __future__ import annotations

from itertools import islice

from starlette.requests import Request
from starlette.responses import Response

from crawler.linkrot import LinkRotReport, report_of
from crawler.web.answering import shows
from crawler.web.charts import Chart, drawn
from crawler.web.figures import link_rot
from crawler.web.rendering import page
from crawler.web.site import Site, site_of

_HOSTS = 50


def report(site: Site) -> LinkRotReport:
    """Over the whole library; remembered."""
    return site.remembered.get("link rot", lambda: site.ask(lambda store: report_of(store.link_rot())))


def chart(site: Site) -> Chart | None:
    """By year, drawn; remembered likewise."""
    return site.remembered.get("link rot, drawn", lambda: drawn(link_rot(report(site).years)))


def show(request: Request) -> Response:
    """All of it on one page."""
    site = site_of(request)
    found = report(site)
    context = {
        "report": found,
        "chart": chart(site),
        "years": [(str(year) if year else "no year", rot) for year, rot in found.years.items()],
        "hosts": list(islice(found.hosts.items(), _HOSTS)),
        "hosts_in_all": len(found.hosts),
        "outcomes": [(outcome.replace("_", " "), rot) for outcome, rot in found.outcomes.items()],
    }
    return page(request, "linkrot.html", context)


ROUTES = (shows("/linkrot", show),)
