"""When the article was published and when it was changed, as the page states it.

Why in this order: the publisher's rule, machine-readable statements, the address's own day, then what a reader sees
near the headline, lines elsewhere that say "published", htmldate's search of the whole page, and only where all of
them state nothing the masthead's day.
A later source on the same day may add hour and minute; address and lines may decide between neighbouring days
(`choosing`); nothing else changes the day.

Why so many refusals: two thirds of the field's wrong dates are the day of the visit, printed in the masthead; most of
the others are the day of a change. So nothing may lie after the capture, a line that says "updated" dates a change
only, and a bare year in the footer dates nothing.
"""

from crawler.extraction.metadata.times.finding import Times, find_times

__all__ = ["Times", "find_times"]
