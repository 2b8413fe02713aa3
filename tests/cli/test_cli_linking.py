"""Linking at the end of a run: what it counts, when it is left out, and how it is stopped."""

import os
import signal
import sys

import pytest

from crawler import linking_run
from crawler.cli.console import INCOMPLETE, INTERRUPTED, OK
from crawler.cli.linking import LinkedAfter, link_after, print_linked
from crawler.configuration import load
from storage.types import RunState

ENTRY = """### [2031-03-4](/news/2031/03/4/index.md)

# Nine people are killed when the ferry Alma capsizes off Tolvikford, Norway.

### Source:

1. [Lind Herald](https://lind-herald.example/alma)

### Related:

1. [Ferries](/news/2030/01/1/ferries.md) _Context: Tolvikford, Norway_
"""
SAVED = """# Nine Dead as Ferry Alma Capsizes Off Tolvikford

By [Harbour Post](#)

March 4, 2031

The ferry Alma overturned in rough water off Tolvikford, killing nine people, police in Norway said on day {number}.

Original url:

<https://harbour-post.example/2031/03/04/ferry-alma-capsizes-{number}>
"""


@pytest.fixture
def waiting(in_news, tmp_path, dateline):
    """A library with three articles that nobody has weighed."""
    folder = tmp_path / "entries"
    folder.mkdir()
    (folder / "alma.md").write_text(ENTRY)
    for number in range(3):
        (folder / f"saved-{number}.md").write_text(SAVED.format(number=number))
    dateline("events", "import", folder)
    return in_news


def status(dateline):
    return dateline("status", "--json").json["status"]


def test_what_waits_is_linked_once_and_said_in_one_line(waiting, dateline, capfd):
    assert "next: 3 articles wait for `dateline link run`" in dateline("status").out
    done = link_after(load(waiting), RunState.FINISHED)
    assert (done.articles, done.linked + done.proposed, done.waiting, done.status) == (3, 3, 0, OK)
    print_linked(done)
    said = capfd.readouterr().out.splitlines()
    assert said[0] == f"links by content: {done.linked} linked, {done.proposed} proposed, of 3 articles"
    counts = status(dateline)
    assert (sum(counts["links"].values()), counts["unlinked"]) == (3, 0)
    assert "links by content or by hand: " in dateline("status").out
    assert link_after(load(waiting), RunState.FINISHED) == LinkedAfter()
    print_linked(LinkedAfter())
    assert capfd.readouterr().out == ""


def test_nothing_is_linked_where_a_person_stopped_the_run_or_the_settings_say_no(waiting, dateline):
    assert link_after(load(waiting), RunState.INTERRUPTED) is None
    assert link_after(load(waiting, {"linking.at_crawl": False}), RunState.FINISHED) is None
    print_linked(None)
    assert status(dateline)["unlinked"] == 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_between_two_articles_and_the_next_run_goes_on(waiting, dateline, monkeypatch, capfd, number):
    weigh = linking_run.Weigher.weigh
    weighed = []

    def stopped(self, article, **options):
        weighed.append(article.article_id)
        if len(weighed) == 2:
            os.kill(os.getpid(), number)
        return weigh(self, article, **options)

    monkeypatch.setattr(linking_run.Weigher, "weigh", stopped)
    before = signal.signal(number, signal.SIG_IGN)  # as a reactor that has ended leaves it
    try:
        done = link_after(load(waiting), RunState.FINISHED)
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)
    assert (done.articles, done.waiting, done.interrupted, done.status) == (1, 2, True, INTERRUPTED)
    print_linked(done)
    assert "2 articles still to be linked; `dateline link run` goes on" in capfd.readouterr().out
    assert link_after(load(waiting), RunState.FINISHED).articles == 2
    assert status(dateline)["unlinked"] == 0


def test_a_model_that_is_not_there_costs_the_links_and_not_the_report(waiting, dateline, capfd):
    done = link_after(load(waiting, {"linking.model": "nowhere"}), RunState.FINISHED)
    assert (done.status, done.articles) == (INCOMPLETE, 0)
    print_linked(done)
    assert "not linked by content: linking.model" in capfd.readouterr().err
    assert status(dateline)["unlinked"] == 3


def test_the_commands_that_bring_articles_report_it(waiting, dateline):
    said = dateline("replay", "--json").json
    assert said["linking"]["articles"] == 3
    assert dateline("replay", "--json").json["linking"] == {
        "articles": 0,
        "linked": 0,
        "proposed": 0,
        "waiting": 0,
        "interrupted": False,
        "problem": "",
    }


def test_where_nothing_waits_linking_is_not_even_loaded(process, waiting, dateline):
    dateline("link", "run")
    code = (
        "import sys; from pathlib import Path; from crawler.cli.linking import link_after;"
        " from crawler.configuration import load; from storage.types import RunState;"
        ' print(link_after(load(Path("news")), RunState.FINISHED).articles, "crawler.linking_run" in sys.modules)'
    )
    assert process(f"{sys.executable} -c '{code}'").out.splitlines()[-1] == "0 False"
