"""What goes from the edges of a body: the page's own lines, and the standfirst as a field of its own."""

from crawler.extraction.body.cleaning.cleaned import Cleaned
from crawler.extraction.body.cleaning.edges import clean

__all__ = ["Cleaned", "clean"]
