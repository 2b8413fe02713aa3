"""What speaks for each kind of page, kind by kind; `RULES` is the whole of it, in the order of reading.

Weights, one scale for all: 1 is a hint that stands on many pages of other kinds too; 3 is telling and enough where
nothing speaks against it; 5 stands on hardly any other page. Two hints that are one fact (a label in the title and
again in the heading) both count: pages that only mention the words have them in one place.
"""

from __future__ import annotations

from crawler.classify.clues import Rule
from crawler.classify.rules.articles import agrees, declares, has_little_text, tells
from crawler.classify.rules.checks import challenges, leads_to_a_check
from crawler.classify.rules.gone import (
    differs_from_nothing,
    is_parked,
    is_unused,
    says_gone,
    sells_something_else,
    takes_its_leave,
    was_led_away,
)
from crawler.classify.rules.lists import is_home, is_listing
from crawler.classify.rules.live import is_live
from crawler.classify.rules.media import shows_media
from crawler.classify.rules.servers import fails, refuses_the_region
from crawler.classify.rules.shells import is_frameset, is_shell
from crawler.classify.rules.teasers import breaks_off
from crawler.classify.rules.walls import asks_consent, asks_who

RULES: tuple[Rule, ...] = (
    tells,
    declares,
    agrees,
    has_little_text,
    breaks_off,
    is_live,
    challenges,
    leads_to_a_check,
    asks_consent,
    asks_who,
    fails,
    refuses_the_region,
    says_gone,
    is_parked,
    is_unused,
    takes_its_leave,
    sells_something_else,
    was_led_away,
    differs_from_nothing,
    is_shell,
    is_frameset,
    is_home,
    is_listing,
    shows_media,
)
