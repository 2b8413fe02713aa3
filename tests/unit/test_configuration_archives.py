from dataclasses import replace

import pytest

from crawler.archives import DIALECTS, KINDS, PLACES, ArchivePlace, Pool, archive_of
from crawler.configuration import ARCHIVE_SETTINGS, load
from crawler.configuration.archives import archive_places
from crawler.errors import ConfigurationError

OURS = """
[archives."our-archive"]
index_url = "http://pywb.example:8080/news/cdx"
replay_url = "http://pywb.example:8080/news"
"""
BUILT_IN = [place.name for place in PLACES]


@pytest.fixture(autouse=True)
def in_its_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def archives(tmp_path):
    """The archives that a file gives, by name, in their order."""

    def read(text):
        (tmp_path / "dateline.toml").write_text(text)
        return {place.name: place for place in load().archives}

    return read


def test_without_a_word_the_built_in_archives_are_asked_in_their_order(archives):
    assert tuple(archives("").values()) == PLACES


def test_a_new_archive_is_complete_and_ready_to_be_asked(archives):
    place = archives(OURS)["our-archive"]
    assert place == ArchivePlace(
        name="our-archive",
        kind="cdx",
        index_url="http://pywb.example:8080/news/cdx",
        replay_url="http://pywb.example:8080/news/",
        hosts=("pywb.example:8080",),
        interval_s={Pool.INDEX: 1.0, Pool.REPLAY: 1.0},
        dialect="pywb",
    )
    assert archive_of(place).place == place


def test_a_new_archive_is_asked_after_our_own_files_and_before_the_public_ones(archives):
    assert list(archives(OURS)) == ["local", "our-archive", *BUILT_IN[1:]]


def test_without_our_own_files_in_the_order_a_new_archive_comes_first(archives):
    found = archives('[backfill]\narchives = "arquivo.pt"\n' + OURS)
    assert [name for name, place in found.items() if place.enabled] == ["our-archive", "arquivo.pt"]


def test_a_new_archive_stands_where_the_order_names_it(archives):
    found = archives('[backfill]\narchives = "local, arquivo.pt,our-archive , internet-archive"\n' + OURS)
    assert [name for name, place in found.items() if place.enabled] == [
        "local",
        "arquivo.pt",
        "our-archive",
        "internet-archive",
    ]


def test_an_archive_that_the_order_leaves_out_stays_known_and_is_not_asked(archives):
    found = archives('[backfill]\narchives = "local"\n')
    assert list(found) == BUILT_IN
    assert [name for name, place in found.items() if place.enabled] == ["local"]


def test_a_section_changes_of_a_built_in_archive_only_what_it_says(archives):
    found = archives(
        '[archives."internet-archive"]\nindex_interval_s = 20\n[archives."common-crawl"]\nenabled = false\n'
    )
    builtin = {place.name: place for place in PLACES}
    was = builtin["internet-archive"]
    assert found["internet-archive"] == replace(was, interval_s={**was.interval_s, Pool.INDEX: 20.0})
    assert found["common-crawl"] == replace(builtin["common-crawl"], enabled=False)
    assert list(found) == BUILT_IN


def test_a_copy_of_a_service_on_a_machine_of_ones_own_may_be_asked_as_fast_as_it_can(archives):
    place = archives(
        '[archives."internet-archive"]\nindex_url = "http://127.0.0.1:18999/cdx"\nindex_interval_s = 0\n'
        'replay_url = "http://127.0.0.1:18999/web/"\nreplay_interval_s = 0\n'
    )["internet-archive"]
    assert place.interval_s == {Pool.INDEX: 0.0, Pool.REPLAY: 0.0}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("http://a.example/news", "http://a.example/news/"),
        ("http://a.example/news/", "http://a.example/news/"),
        ("http://a.example/timegate?url=", "http://a.example/timegate?url="),
    ],
)
def test_beginnings_of_urls_end_where_they_go_on(archives, given, meant):
    place = archives(f'[archives.a]\nkind = "memento"\nindex_url = "{given}"\npublic_url = "{given}"\n')["a"]
    assert (place.index_url, place.public_url) == (meant, meant)


def test_an_archive_of_another_language_needs_no_dialect_and_a_timegate_is_enough(archives):
    place = archives('[archives.a]\nkind = "memento"\nreplay_url = "http://a.example/timegate/"\n')["a"]
    assert (place.dialect, place.index_url) == ("", "")


def test_the_settings_of_an_archive_are_the_fields_of_its_place():
    keys = [setting.key for setting in ARCHIVE_SETTINGS]
    intervals = ["index_interval_s", "replay_interval_s"]
    fields = [name for name in ArchivePlace.__dataclass_fields__ if name != "name"]
    assert [key for key in keys if key not in intervals] == [name for name in fields if name != "interval_s"]
    # How often a page may be saved is the service's to say: there is no setting for it.
    assert set(intervals) == {f"{pool}_interval_s" for pool in Pool if pool is not Pool.SAVE}


@pytest.mark.parametrize("known", [DIALECTS, [kind for kind in KINDS if kind != "local"]], ids=["dialects", "kinds"])
def test_the_settings_tell_every_dialect_and_kind_that_there_is(known):
    meanings = " ".join(setting.meaning for setting in ARCHIVE_SETTINGS)
    assert [name for name in known if name not in meanings] == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[backfill]\narchives = "local, internet-archve"\n', "'internet-archve', which is no archive; did you mean i"),
        ('[backfill]\narchives = "zzz"\n', "'zzz', which is no archive; the archives are local, internet-archive,"),
        ('[backfill]\narchives = "local,local"\n', "backfill.archives names local twice"),
        (
            '[backfill]\narchives = "local"\n[archives."arquivo.pt"]\nenabled = true\n',
            'archives."arquivo.pt".enabled is true, but backfill.archives leaves arquivo.pt out',
        ),
        ("archives = 3\n", "archives stands outside a section"),
        ("[archives]\nenabled = true\n", "what holds for an archive stands below"),
        ("[archives.arquivo.pt]\nenabled = false\n", 'needs quotes for its dots: [archives."arquivo.pt"]'),
        ('[archives."My Archive"]\n', "'My Archive' is no name for an archive"),
        ('[archives.""]\n', "'' is no name for an archive"),
        ('[archives."a,b"]\n', "'a,b' is no name for an archive"),
        ("[archives.a]\nspeed = 3\n", '[archives."a"] has no setting speed; it may say kind, index_url'),
        ('[archives.a]\nkind = "cdxx"\n', "archives.\"a\".kind is 'cdxx'; did you mean cdx?"),
        ('[archives.a]\nkind = "zzz"\n', "archives.\"a\".kind is 'zzz'; it may be cdx, memento"),
        ('[archives.a]\ndialect = "pywbb"\n', "archives.\"a\".dialect is 'pywbb'; did you mean pywb?"),
        (
            '[archives."internet-archve"]\nindex_interval_s = 5\n',
            "index_url is missing; did you mean internet-archive?",
        ),
        ("[archives.zzz]\n", 'archives."zzz".index_url is missing; for example index_url = "http'),
        ('[archives.zzz]\nindex_url = "http://a.example/cdx"\n', 'archives."zzz".replay_url is missing'),
        ('[archives.a]\nkind = "memento"\n', 'archives."a".index_url is missing'),
        ('[archives.a]\nindex_url = "a.example/cdx"\n', 'archives."a".index_url must be a URL'),
        ('[archives.a]\nreplay_url = "http://"\n', 'archives."a".replay_url must be a URL'),
        ('[archives.a]\npublic_url = "ftp://a.example/"\n', 'archives."a".public_url must be a URL'),
        ("[archives.a]\nenabled = 1\n", 'archives."a".enabled must be true or false'),
        ("[archives.a]\nindex_interval_s = -1\n", 'archives."a".index_interval_s must lie between 0 and 3600'),
        ("[archives.a]\nreplay_interval_s = nan\n", "must lie between"),
        (OURS + 'hosts = "a b"\n', "archives.\"our-archive\".hosts: 'a b' is no host name"),
        (OURS + 'hosts = "A.Example"\n', "'A.Example' is not written as a host: a.example"),
        (
            '[archives.a]\nkind = "memento"\nindex_url = "http://a.example/"\ndialect = "pywb"\n',
            'archives."a".dialect is only for archives of the kind cdx',
        ),
        (
            '[archives."internet-archive"]\nindex_interval_s = 1.9\n',
            'archives."internet-archive".index_interval_s must be at least 2, not 1.9: web.archive.org shuts out',
        ),
        ('[archives."internet-archive"]\nreplay_interval_s = 0.2\n', "must be at least 0.25, not 0.2"),
        ('[archives."arquivo.pt"]\nindex_interval_s = 0.1\n', "must be at least 0.25, not 0.1: arquivo.pt shuts out"),
        (
            (
                '[archives.fast]\nindex_url = "https://web.archive.org/cdx/search/cdx"\n'
                'replay_url = "https://web.archive.org/web/"\nindex_interval_s = 0.5\n'
            ),
            'archives."fast".index_interval_s must be at least 2',
        ),
    ],
)
def test_a_wrong_archive_is_named_with_the_fault_and_the_remedy(tmp_path, archives, text, complaint):
    with pytest.raises(ConfigurationError) as caught:
        archives(text)
    assert complaint in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path / 'dateline.toml'}: ")


def test_the_files_of_the_library_itself_are_one_archive():
    section = {"mine": {"kind": "local"}}
    with pytest.raises(ConfigurationError, match="the files of the library itself are the archive local"):
        archive_places(section, ", ".join(BUILT_IN), "dateline.toml")
