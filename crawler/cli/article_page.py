"""One article as a person reads it: each field with where it was found and how far that can be trusted.

Why the way to the body is told only when asked: trials and cuts are ten lines of names and figures that matter to
somebody who wonders about a text, and to nobody else.
"""

from __future__ import annotations

from crawler.article_facts import facts_of, stated
from crawler.cli.article_story import print_story
from crawler.cli.console import Listing, say, shortened
from crawler.source_stories import mark_text
from storage.types import Article, ArticleView

_FIRST_ENTRIES = 5
_LINE = 100


def print_article(view: ArticleView, *, why: bool = False) -> None:
    """The article's current version with its evidence; with ``why``, how its body was found."""
    article = view.versions[-1].article
    say((article.headline, "bold"))
    if view.mark is not None:
        say((mark_text(view.mark), "bold red"))
    if article.standfirst:
        say((article.standfirst, "italic"))
    made = Listing("field", "value", "evidence")
    for row in facts_of(view):
        made.add(*row)
    made.print()
    print_story(view)
    _print_entries(article)
    if why:
        _print_choice(article)
    say()
    for line in article.body.split("\n"):
        say(line)


def _print_entries(article: Article) -> None:
    """How many entries a live blog has, and how the first ones begin."""
    if not article.entries:
        return
    say()
    say(("Entries", "bold"), f" ({len(article.entries)})")
    for one in article.entries[:_FIRST_ENTRIES]:
        when = one.clock or stated(one.posted_at)
        say((f" {when} " if when else " ", "dim"), shortened(one.headline or one.body.split("\n", 1)[0], _LINE))
    if len(article.entries) > _FIRST_ENTRIES:
        say((f" and {len(article.entries) - _FIRST_ENTRIES} more", "dim"))


def _print_choice(article: Article) -> None:
    """Which candidates there were for the body, which was taken, and what was cut."""
    choice = article.choice
    say()
    say(("How the body was found", "bold"))
    say(f" {choice.winner or 'not recorded'}" + (f": {choice.why}" if choice.why else ""))
    if choice.rule:
        say(f" publisher rule {choice.rule}")
    for name in choice.missed:
        say((f" missed {name}", "yellow"))
    if choice.trials:
        trials = Listing("candidate", "words#", "score#", "what decided")
        for trial in choice.trials:
            trials.add(trial.name, trial.words, f"{trial.score:.2f}", trial.note)
        trials.print()
    if choice.cuts:
        cuts = Listing("cut", "because", "text")
        for cut in choice.cuts:
            cuts.add(cut.place, cut.reason, shortened(cut.text, _LINE))
        cuts.print()
