"""Content systems that many publishers run: shapes that mean the same on every host.

Only shapes that nothing else has: a UUID behind the system's own prefix, a suffix that only one system writes.
"""

from __future__ import annotations

from crawler.urls.rules.model import SameArticle, shape

SYSTEM_SHAPES: dict[str, SameArticle] = {
    "Escenic": shape(r"([^/]+)/(?:.*/)?(article\d{4,10})\.ece", "{0}/{1}.ece"),
    "BLOX": shape(
        r"([^/]+)/(?:.*/)?article_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.html",
        "{0}/article_{1}.html",
        only=(),
    ),
}
"""Name of the system -> its shape; tried after the shapes of the host's own publisher."""
