"""Every publisher whose layouts are known."""

from __future__ import annotations

from crawler.extraction.publishers.abc_australia import ABC_AUSTRALIA
from crawler.extraction.publishers.abc_news import ABC_NEWS
from crawler.extraction.publishers.al_jazeera import AL_JAZEERA
from crawler.extraction.publishers.associated_press import ASSOCIATED_PRESS
from crawler.extraction.publishers.bbc import BBC
from crawler.extraction.publishers.cbc import CBC
from crawler.extraction.publishers.cnn import CNN
from crawler.extraction.publishers.fox_news import FOX_NEWS
from crawler.extraction.publishers.google_hosted import GOOGLE_HOSTED
from crawler.extraction.publishers.guardian import GUARDIAN
from crawler.extraction.publishers.moscow_times import MOSCOW_TIMES
from crawler.extraction.publishers.nyt import NYT
from crawler.extraction.publishers.reuters import REUTERS
from crawler.extraction.publishers.rte import RTE
from crawler.extraction.publishers.rule import Publisher
from crawler.extraction.publishers.tass import TASS
from crawler.extraction.publishers.telegraph import TELEGRAPH
from crawler.extraction.publishers.upi import UPI
from crawler.extraction.publishers.washington_post import WASHINGTON_POST
from crawler.extraction.publishers.xinhua import XINHUA
from crawler.extraction.publishers.yahoo import YAHOO

PUBLISHERS: tuple[Publisher, ...] = (
    BBC,
    REUTERS,
    CNN,
    AL_JAZEERA,
    GUARDIAN,
    NYT,
    WASHINGTON_POST,
    ASSOCIATED_PRESS,
    GOOGLE_HOSTED,
    ABC_NEWS,
    ABC_AUSTRALIA,
    UPI,
    MOSCOW_TIMES,
    TASS,
    XINHUA,
    YAHOO,
    FOX_NEWS,
    CBC,
    RTE,
    TELEGRAPH,
)
"""Asked in this order; the first that publishes at an address is the only one asked."""
