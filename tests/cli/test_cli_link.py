"""``dateline link``: what is found for a saved article, and the word of a person about it."""

import getpass

import pytest

from crawler.cli import link as command

HEADLINE = "At least nine people are killed when a passenger ferry capsizes off Tolvikford, Norway."
ENTRY = """### [{day}](/news/{path}/index.md)

# {headline}

### Source:

1. [Lind Herald](https://lind-herald.example/{slug})

### Related:

1. [Ferries](/news/2030/01/1/ferries.md) _Context: {context}_
"""
SAVED = """# Nine Dead as Ferry Capsizes Off Norwegian Port of Tolvikford

By [Harbour Post](#)

March {day}, 2031

A passenger ferry overturned in rough water off Tolvikford, killing nine people, police in Norway said.

Divers searched the hull until nightfall. The ferry had left the port an hour before it capsized off the coast.

Original url:

<https://harbour-post.example/2031/03/{day:02}/nine-dead-as-ferry-capsizes-{number}>
"""
FERRY = "2031/03/4/at-least-nine-people-are-killed-when-a-passenger-ferry-capsizes-off-tolvikford-norway"


@pytest.fixture
def linked(in_news, tmp_path, dateline):
    """Three entries, one article that reports the first, one of a month without entries; nothing is linked yet."""
    folder = tmp_path / "entries"
    folder.mkdir()
    for name, day, headline, context in (
        ("ferry", 4, HEADLINE, "Tolvikford, Norway, Ferry"),
        ("bank", 4, "The central bank of Malawi raises its interest rate.", "Malawi, Ferry"),
        ("storm", 6, "A storm hits the coast of Norway near Tolvikford.", "Norway, Tolvikford"),
    ):
        path = f"2031/03/{day}"
        text = ENTRY.format(day=f"2031-03-{day}", path=path, headline=headline, slug=name, context=context)
        (folder / f"{name}.md").write_text(text)
    (folder / "saved-1.md").write_text(SAVED.format(day=4, number=1))
    (folder / "saved-2.md").write_text(SAVED.format(day=25, number=2).replace("Tolvikford", "Merrowhaven"))
    dateline("events", "import", folder)
    return in_news


def test_what_waits_is_linked_once(linked, dateline, database_of):
    before = database_of(linked)
    tried = dateline("link", "run", "--dry-run", "--json").json
    assert database_of(linked) == before
    assert [one["event_key"] for one in tried["links"]] == [FERRY]
    assert (tried["articles"], tried["new"], tried["unlinked"]) == (2, 0, 1)
    said = dateline("link", "run").out
    assert "2 articles weighed against 3 events" in said
    assert "(1 new); 1 without an event" in said
    assert "nothing to do" in dateline("link", "run").out
    assert dateline("link", "run", "--again", "--json").json | {"links": []} == tried | {"links": []}
    assert dateline("link", "run", "--event", FERRY[:20], "--json").json["articles"] == 1
    (link,) = dateline("link", "list", "--state", tried["links"][0]["state"], "--json").lines
    assert (link["event_key"], link["how"]) == (FERRY, "content")
    assert link["evidence"].startswith("shares Tolvikford, Norway, ")
    assert "; same or next day; score " in link["evidence"]


def test_the_word_of_a_person_stays(linked, dateline, monkeypatch):
    dateline("link", "run")
    monkeypatch.setattr(getpass, "getuser", lambda: "ada")
    said = dateline("link", "reject", FERRY, 1, "--because", "it is another ferry").out
    assert said == f"article 1 does not report {FERRY}: rejected by ada\n"
    dateline("link", "run", "--again")
    (link,) = dateline("link", "list", "--state", "rejected", "--json").lines
    assert (link["state"], link["how"], link["decided_by"]) == ("rejected", "hand", "ada")
    assert "it is another ferry" in link["evidence"]
    confirmed = dateline("link", "confirm", FERRY, 1, "--by", "Benno", "--json").json
    assert (confirmed["state"], confirmed["decided_by"]) == ("confirmed", "Benno")
    dateline("link", "run", "--again")
    assert "by Benno" in dateline("link", "list", "--state", "confirmed").out
    assert dateline("link", "list", "--state", "rejected").out == "no link is rejected\n"


def test_explaining_names_the_best_events_and_writes_nothing(linked, dateline, database_of):
    before = database_of(linked)
    told = dateline("link", "explain", 1, "--json").json
    assert told["events"][0]["event_key"] == FERRY
    assert told["events"][0]["score"] > told["events"][1]["score"]
    assert 0 < told["events"][0]["features"]["cosine"] <= 1
    said = dateline("link", "explain", 2, "--limit", 1).out
    assert "below both thresholds" in said
    assert "days earlier" in said
    assert database_of(linked) == before


def test_related_events_come_by_shared_entities_then_by_date(linked, dateline):
    found = dateline("link", "related", FERRY, "--json").lines
    assert [(one["shared"], one["event_date"]) for one in found] == [
        (["Tolvikford", "Norway"], "2031-03-06"),
        (["Ferry"], "2031-03-04"),
    ]
    said = dateline("link", "related", FERRY, "--limit", 1).out.splitlines()
    assert said[0].startswith(" 1. A storm hits")
    assert said[-1] == "    shares Tolvikford, Norway"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("run", "--again", "--dry-run"), "use it without --again and --event"),
        (("run", "--event", "2031/03/9/nothing"), "2031/03/9/nothing"),
        (("confirm", "2031/03/9/nothing", "1"), "2031/03/9/nothing"),
        (("reject", "2031/03/4/at", "99"), "99"),
        (("explain", "99"), "99"),
        (("related", "2031/03/9/nothing"), "2031/03/9/nothing"),
        (("list", "--state", "sure"), "sure"),
    ],
)
def test_bad_input_is_said(linked, dateline, words, complaint):
    assert complaint in dateline("link", *words, expect=2).err


def test_without_a_login_name_one_has_to_be_given(linked, dateline, monkeypatch):
    def nobody():
        raise KeyError("uid")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert "--by NAME" in dateline("link", "confirm", FERRY, 1, expect=2).err


def test_a_list_tells_when_it_stops(linked, dateline):
    for article in (1, 2):
        dateline("link", "confirm", FERRY, article, "--by", "ada")
    said = dateline("link", "list", "--state", "confirmed", "--limit", 1).out
    assert "only the first 1" in said
    assert len(dateline("link", "list", "--state", "confirmed", "--limit", 1, "--all", "--json").lines) == 2
    assert command.list_.__doc__


def test_a_model_that_is_not_there_is_a_clear_error(linked, dateline):
    (linked / "dateline.toml").write_text('[linking]\nmodel = "nowhere"\n')
    assert "linking.model" in dateline("link", "run", expect=2).err
