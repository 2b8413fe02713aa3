r"""``bibtex``: articles as ``@online`` entries of biblatex, UTF-8.

::

    @online{harbourtimes2006ports-12,
      author = {van der Lind, Mara and {Reuters}},
      title = {{Ports \& Ferries Close}},
      organization = {Harbour Times},
      date = {2006-07-05},
      year = {2006},
      url = {https://harbour-times.example/ports},
      urldate = {2006-07-06},
      langid = {english},
      note = {Archived copy in lantern: https://lantern.example/web/...},
    }

Why ``@online``
    What was read is the page, not the paper: there is no volume, number or page to give, which ``@article`` asks for.
    Styles of classic BibTeX do not know the type and treat it as ``@misc``, which is what one would have written for
    them; for these ``year`` stands beside ``date``, and both always agree. A month alone is ``date = {2006-07}``:
    what is not known is not said.

Why everything that LaTeX could take for a command is written out
    Texts are strangers', and a file of citations is run. A brace is never written as ``\{``: BibTeX counts it as a
    brace all the same, and one that is not closed would end the entry. Titles are in double braces, so that no style
    makes small letters of the names in a headline.
"""

from __future__ import annotations

from typing import Any

from crawler.exporting.citation_facts import Citation, Name, citation_of
from crawler.exporting.protocol import Output, Selected

_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        "`": r"\textasciigrave{}",
        '"': r"\textquotedbl{}",
    }
)
_LANGUAGES = {
    "ar": "arabic",
    "bg": "bulgarian",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "he": "hebrew",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
    "uk": "ukrainian",
}
"""As babel calls them; of others nothing is said, since a name that babel does not know stops LaTeX."""


class BibTex:
    """See the module."""

    name = "bibtex"
    meaning = "BibTeX: one @online entry per article"
    files = ("articles.bib",)
    schema: dict[str, Any] | None = None
    unavailable = ""

    def write(self, selected: Selected, output: Output) -> None:
        """See `crawler.exporting.protocol.Format`."""
        with output.file(self.files[0]) as stream:
            for view in selected.articles():
                stream.write(entry_of(citation_of(view)).encode())
                output.count(self.files[0])


def entry_of(citation: Citation) -> str:
    """One entry and the blank line behind it."""
    year = "".join(f"{part:04d}" for part in citation.issued[:1])
    fields = {
        "author": " and ".join(map(_author, citation.authors)),
        "title": f"{{{escaped(citation.title)}}}",
        "organization": escaped(citation.publisher),
        "date": year + "".join(f"-{part:02d}" for part in citation.issued[1:]),
        "year": year,
        "url": citation.url,
        "urldate": citation.accessed.isoformat(),
        "langid": _LANGUAGES.get(citation.language, ""),
        "note": _note(citation),
    }
    lines = (f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@online{{{citation.key},\n{''.join(lines)}}}\n\n"


def escaped(text: str) -> str:
    """The text as LaTeX prints it, its braces balanced."""
    return text.translate(_ESCAPES)


def _author(name: Name) -> str:
    """One name; in braces where it is not taken apart, so that no comma and no "and" in it does that."""
    return f"{escaped(name.family)}, {escaped(name.given)}" if name.given else f"{{{escaped(name.family)}}}"


def _note(citation: Citation) -> str:
    if not citation.archive:
        return ""
    where = f": {escaped(citation.copy)}" if citation.copy else ""
    return f"Archived copy in {escaped(citation.archive)}{where}"
