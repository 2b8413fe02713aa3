"""``dateline mark`` and ``dateline marks``: the word of a person that something is no article."""

import getpass

import pytest

ENTRY = """### [2031-03-4](/news/2031/03/4/index.md)

# Ferry capsizes off Tolvikford

### Source:

1. [Harbour Post](https://harbour-post.example/2031/03/04/ferry-capsizes)
"""
SAVED = """# Nine Dead as Ferry Capsizes

March 4, 2031

A passenger ferry overturned in rough water off Tolvikford, killing nine people, police in Norway said.

Original url:

<https://harbour-post.example/2031/03/{day:02}/ferry-capsizes>
"""
EVENT = "2031/03/4/ferry-capsizes-off-tolvikford"
WHY = "a list of jobs"


@pytest.fixture
def saved(in_news, tmp_path, dateline):
    """One event, the article that it cites, and one that nobody cites."""
    folder = tmp_path / "entries"
    folder.mkdir()
    (folder / "entry.md").write_text(ENTRY)
    for day in (4, 5):
        (folder / f"saved-{day}.md").write_text(SAVED.format(day=day))
    dateline("events", "import", folder)
    return in_news


def number_of(dateline, day):
    rows = dateline("articles", "list", "--json").lines
    return next(row["id"] for row in rows if f"/03/{day:02}/" in row["document"]["canonical_url"])


def test_a_mark_is_shown_everywhere_and_can_be_taken_back(saved, dateline):
    article = number_of(dateline, 4)
    assert "Coverage" in dateline("show", EVENT).out
    said = dateline("mark", article, "--because", WHY, "--by", "mara")
    assert "marked as no article by mara on 20" in said.out
    assert f"dateline mark {article} --undo" in said.out
    for shown in (dateline("show", EVENT).out, dateline("show", article).out):
        assert "marked as no article by mara on 20" in shown
        assert WHY in shown
    assert "Coverage" not in dateline("show", EVENT).out
    assert "(marked as no article) Nine Dead" in dateline("articles", "list").out
    assert dateline("show", EVENT, "--json").json["sources"][0]["mark"]["because"] == WHY
    assert [row["articles"] for row in dateline("events", "list", "--json").lines] == [0]

    undone = dateline("mark", article, "--undo", "--by", "ove")
    assert f"article {article} is an article again: said by ove" in undone.out
    assert "marked as no article" not in dateline("show", article).out
    assert "Coverage" in dateline("show", EVENT).out


def test_an_export_names_who_marked_an_article_and_why(saved, dateline):
    dateline("mark", number_of(dateline, 4), "--because", WHY, "--by", "mara")
    records = dateline("articles", "export").lines
    marks = [record["mark"] for record in records]
    assert [one and (one["by"], one["because"]) for one in marks] in ([("mara", WHY), None], [None, ("mara", WHY)])


def test_who_said_it_first_stands_and_the_login_name_is_taken_where_none_is_given(saved, dateline, monkeypatch):
    monkeypatch.setattr(getpass, "getuser", lambda: "ada")
    article = number_of(dateline, 5)
    first = dateline("mark", article, "--because", f" {WHY} ", "--json").json
    assert (first["article_id"], first["marked_by"], first["because"]) == (article, "ada", WHY)
    assert dateline("mark", article, "--because", "other", "--by", "ove", "--json").json == first
    assert dateline("mark", article, "--undo", "--json").json["undone_by"] == "ada"


def test_marks_are_listed_those_that_were_taken_back_on_request(saved, dateline):
    assert dateline("marks").out.strip() == "nothing is marked as no article"
    assert dateline("marks", "--json").lines == []
    cited, other = number_of(dateline, 4), number_of(dateline, 5)
    dateline("mark", cited, "--because", WHY, "--by", "mara")
    dateline("mark", other, "--because", "an index of pages", "--by", "ove")
    dateline("mark", cited, "--undo", "--by", "ove")
    assert [row["article_id"] for row in dateline("marks", "--json").lines] == [other]
    every = dateline("marks", "--all", "--json").lines
    assert [(row["article_id"], row["undone_by"]) for row in every] == [(cited, "ove"), (other, "")]
    listed = dateline("marks").out
    assert "an index of pages" in listed
    assert "harbour-post.example/2031/03/05/ferry-capsizes" in listed
    assert WHY not in listed
    assert " by ove" in dateline("marks", "--all").out


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("99", "--because", "x"), "there is no article 99"),
        (("1",), "--because TEXT"),
        (("1", "--because", "  "), "--because TEXT"),
        (("1", "--undo", "--because", "x"), "leave out --because"),
        (("1", "--undo"), "nobody marked article 1"),
        (("0", "--because", "x"), "greater than or equal to 1"),
        ((str(2**70), "--because", "x"), "less than or equal to"),
    ],
)
def test_bad_input_is_said(saved, dateline, words, complaint):
    assert complaint in dateline("mark", *words, expect=2).err
