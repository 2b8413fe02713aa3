"""Publishers of the Americas whose numbers identify an article whatever stands around them.

`crawler.urls.rules.newspapers` and `crawler.urls.rules.broadcasters` have those of which more is known than that.
"""

from __future__ import annotations

from crawler.urls.rules.model import HostRule, names, shape

_GANNETT = names(
    "azcentral freep indystar courier-journal tennessean cincinnati dispatch jsonline desmoinesregister detroitnews "
    "democratandchronicle northjersey app lohud palmbeachpost naplesnews commercialappeal knoxnews oklahoman statesman"
)

AMERICAN_RULES: tuple[HostRule, ...] = (
    HostRule(
        name="Gannett papers",
        hosts=tuple(f"{name}.com" for name in _GANNETT),
        same=(
            shape(
                rf"(?:(?:amp|eu)\.)?((?:{'|'.join(_GANNETT)})\.com)/(?:story/(?:.*/)?|amp/)(\d{{8,11}})",
                "{0}/story/{1}",
            ),
        ),
    ),
    HostRule(
        name="CNBC",
        hosts=names("cnbc.com"),
        strip=names("__source par recirc trknav doc qsearchterm"),
        same=(shape(r"cnbc\.com/id/(\d{6,10})(?:/.*)?", "cnbc.com/id/{0}"),),
    ),
    HostRule(
        name="Global News (Canada)",
        hosts=names("globalnews.ca"),
        same=(shape(r"globalnews\.ca/news/(?:amp/)?(\d{5,9})(?:/[^/]*)?", "globalnews.ca/news/{0}"),),
    ),
    HostRule(
        name="Folha",
        hosts=names("folha.uol.com.br"),
        same=(
            shape(
                r"(?:m|www1)\.folha\.uol\.com\.br/((?:[\w-]+/)+\d{4}/\d\d/[^/]+\.shtml)",
                "folha.uol.com.br/{0}",
            ),
        ),
    ),
)
