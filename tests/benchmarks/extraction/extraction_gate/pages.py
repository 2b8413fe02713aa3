"""The labelled pages: every structure filled with its stories, and the truth that follows from what was shown.

Why rendered and not stored: 170 stored pages are megabytes that nobody reads, and a new kind of fault (a poll in the
story cell) would have to be added to each by hand. The dice are seeded by the page's name, so that the same files
always give the same bytes.

Why the truth follows from the template: a truth that is written beside a page goes out of date unseen. A value that a
template does not print is not on the page, and is therefore not expected.
"""

from __future__ import annotations

import random
import tomllib
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from extraction_gate import prose
from extraction_gate.template import Template
from extraction_gate.truth import Dated, LabelledPage, Truth
from extraction_gate.writing_dates import written

FOLDER = Path(__file__).parents[1]
_FORMS = ("day", "short", "long", "clock", "zoned")
_STORY = {"language": "en", "tail": "", "tail_people": [], "correction": ""}


@cache
def stories():
    """Story id -> story."""
    files = sorted((FOLDER / "stories").glob("*.toml"))
    listed = [one for path in files for one in tomllib.loads(path.read_text(encoding="utf-8"))["story"]]
    return {one["id"]: _STORY | one for one in listed}


@cache
def words(language):
    """What the pages of a language are furnished with."""
    return tomllib.loads((FOLDER / "words" / f"{language}.toml").read_text(encoding="utf-8"))


@cache
def structures():
    """Name -> settings and template, in the order of their first year."""
    found = {}
    for path in (FOLDER / "structures").glob("*.html"):
        _, settings, source = path.read_text(encoding="utf-8").split("+++\n", 2)
        found[path.stem] = (tomllib.loads(settings), Template(source))
    return dict(sorted(found.items(), key=lambda item: (item[1][0]["years"][0], item[0])))


def labelled_pages(only=""):
    """All pages, or those of the structures whose names contain `only`."""
    for name, (settings, template) in structures().items():
        if only in name:
            for number, story_id in enumerate(settings["stories"]):
                yield _page(name, settings, template, number, stories()[story_id])


def _page(name, settings, template, number, story):
    rng = random.Random(f"{name} {story['id']}")  # noqa: S311 - reproducible test data
    values, facts = _values(settings, number, story, rng)
    source, used = template.fill(values, rng)
    language = story["language"]
    charset = _for_language(settings["charset"], language)
    header = f"text/html; charset={charset}" if settings.get("in_header") else "text/html"
    return LabelledPage(
        id=f"{name}/{story['id']}",
        structure=name,
        host=facts["host"],
        url=values["url"],
        content=source.lstrip("\n").encode(charset, errors="xmlcharrefreplace"),
        content_type=header,
        codec=charset,
        captured_at=facts["captured"],
        truth=_truth(settings, story, values, used, facts),
    )


def _for_language(table, language):
    return table if isinstance(table, str) else table.get(language, table.get("other", "windows-1252"))


def _moments(settings, rng):
    low, high = settings["years"]
    zone = timezone(timedelta(hours=settings.get("zone", 0)))
    published = datetime(rng.randint(low, high), rng.randint(1, 12), rng.randint(1, 28), tzinfo=zone)
    published += timedelta(hours=rng.randint(9, 20), minutes=rng.randint(0, 59), seconds=rng.randint(0, 59))
    modified = published + rng.choice((timedelta(minutes=47), timedelta(minutes=95), timedelta(days=1)))
    captured = published + timedelta(days=rng.choice((2, 3, 5, 20, 90, 200)))
    return published, modified if rng.random() < settings.get("changed", 0.5) else None, captured.astimezone(UTC)


def _values(settings, number, story, rng):
    language = story["language"]
    table = words(language)
    site, slug = _for_language(settings["sites"], language)
    host = settings["host"].format(slug=slug)
    published, modified, captured = _moments(settings, rng)
    captured = max(captured, modified.astimezone(UTC)) if modified else captured
    home = f"{settings.get('scheme', 'http')}://{host}"
    url = home + written(settings["path"].replace("#n", str(40210 + 37 * number)).replace("#s", story["id"]), published,
                         table)  # fmt: skip
    dateline, blocks = prose.opened(story, table, published)
    blocks = prose.shown(blocks, settings["body"])
    values = (
        _plain_values(story, table, settings)
        | _dated("pub", published, table)
        | _dated("mod", published if settings.get("says_updated") else modified, table)
    )
    values |= _furniture(table, home, rng) | {
        "site": site, "host": host, "home": home, "url": url, "charset": _for_language(settings["charset"], language),
        "image": f"{home}/images/{published:%Y}/{story['id']}_{number}.jpg",
        "page_language": language.replace("zh-hant", "zh-TW"),
        "direction": "rtl" if language == "ar" else "ltr", "year": str(published.year),
        "visit": written(table["long"], captured, table), "visit_short": written(table["short"], captured, table),
        "number": str(40210 + 37 * number), "first_words": story["body"][0][:120],
        "share_url": url, "comment_day": written(table["day"], captured, table),
    }  # fmt: skip
    live = settings.get("medium") == "live_blog"
    values["entries"] = prose.live_entries(blocks, settings["body"], table, published, rng) if live else []
    values["body"] = "" if live else prose.markup(blocks, dateline, settings["body"], values, rng)
    facts = {
        "host": host, "captured": captured, "dateline": dateline, "blocks": blocks, "site": site,
        "published": published, "modified": modified,
    }  # fmt: skip
    return values, facts


def _plain_values(story, table, settings):
    people = story["people"] if settings.get("bylines", True) else []
    names = [one["name"] for one in people]
    byline = table["by"].format(table["and"].join(names)) if names else ""
    plain = {name: story[name] for name in ("headline", "standfirst", "kicker", "section", "desk", "caption", "credit")}
    return plain | {
        "keywords": list(story["keywords"]),
        "tags": [{"tag": one} for one in story["keywords"]],
        "people": [{"person": one["name"], "role": one["role"]} for one in people],
        "names": names,
        "joined_names": table["and"].join(names),
        "byline": byline,
        "first_person": names[0] if names else "",
        "first_role": people[0]["role"] if len(people) == 1 else "",
        "agency": story["agency"],
        "bio": table["bio"].format(names[0]) if names else "",
        "photo": table["photo"].format(story["credit"]) if story["credit"] else "",
        "tail": story["tail"],
        "correction": story["correction"],
    }


def _dated(prefix, moment, table):
    names = (*_FORMS, "iso", "date", "path")
    if moment is None:
        return {f"{prefix}_{name}": "" for name in names}
    utc = moment.astimezone(UTC)
    values = {name: written(table[name], utc if name == "zoned" else moment, table) for name in _FORMS}
    values |= {"iso": moment.isoformat(), "date": f"{moment:%Y-%m-%d}", "path": f"{moment:%Y/%m/%d}"}
    return {f"{prefix}_{name}": value for name, value in values.items()}


def _furniture(table, home, rng):
    teasers = [
        {"t": title, "s": sentence, "u": f"{home}/archive/{rng.randint(1000, 9999)}.html", "i": str(number)}
        for number, (title, sentence) in enumerate(rng.sample(table["teasers"], len(table["teasers"])))
    ]
    comments = [{"who": who, "said": said} for who, said in rng.sample(table["comment"], len(table["comment"]))]
    texts = {f"w.{name}": value for name, value in table.items() if isinstance(value, str)}
    return texts | {
        "w.bystander": table["comment"][0][0],
        "teasers": teasers, "teasers2": teasers[:2], "teasers3": teasers[:3], "teasers4": teasers[-4:],
        "teaser": teasers[:1], "comments": comments,
    }  # fmt: skip


def _truth(settings, story, values, used, facts):
    def if_shown(value, *names, empty=""):
        return value if used & set(names) else empty

    people = tuple(values["names"]) if used & {"byline", "names", "person", "joined_names", "first_person"} else ()
    if not used & {"byline", "names", "person", "joined_names"}:
        people = people[:1]
    roles = {one["person"]: one["role"] for one in values["people"] if one["role"] and one["person"] in people}
    entries = values["entries"]
    pictured = "image" in used
    return Truth(
        headline=story["headline"],
        body=tuple(one["entry_text"] for one in entries) if entries else tuple(facts["blocks"]),
        optional=_optional(story, entries, used),
        standfirst=if_shown(story["standfirst"], "standfirst"),
        people=people,
        perhaps_people=tuple(story["tail_people"]),
        roles=if_shown(roles, "role", "first_role", empty={}),
        published=_stated("pub", facts["published"], used, settings["path"]),
        modified=None if settings.get("says_updated") else _stated("mod", facts["modified"], used, ""),
        site_name=if_shown(facts["site"], "site", empty=None),
        language=story["language"][:2],
        section=if_shown(story["section"], "section") or if_shown(story["desk"], "desk"),
        keywords=None if settings.get("filed") else if_shown(tuple(story["keywords"]), "keywords", "tag", empty=()),
        image=values["image"] if pictured else "",
        caption=if_shown(story["caption"], "caption"),
        credit=if_shown(story["credit"], "credit", "photo"),
        dateline="" if entries else facts["dateline"],
        agency=None if entries else story["agency"] if facts["dateline"] or used & {"agency", "tail"} else "",
        corrections=if_shown((story["correction"],), "correction", empty=()),
        declared_url=if_shown(values["url"], "url"),
        access=settings.get("access", "full"),
        medium=settings.get("medium", "text"),
        entries=tuple((one["entry_text"], one["entry_clock"]) for one in entries),
    )


def _optional(story, entries, used):
    lines = [(0, story["standfirst"])] if "standfirst" in used else []
    lines += [(10**6, story[name]) for name in ("tail", "correction") if name in used]
    return tuple(lines) + tuple(
        (number, one["entry_headline"]) for number, one in enumerate(entries) if one["entry_headline"]
    )


def _stated(prefix, moment, used, path):
    if moment is None:
        return None
    utc = moment.astimezone(UTC)
    day = f"{moment:%Y-%m-%d}"
    if f"{prefix}_iso" in used:
        return Dated(day=day, value=utc, precision="second")
    if f"{prefix}_zoned" in used:
        return Dated(day=day, value=utc.replace(second=0), precision="minute")
    plain = {f"{prefix}_{name}" for name in ("day", "short", "long", "clock", "date")}
    if used & plain or "{d" in path:
        return Dated(day=day, value=datetime(moment.year, moment.month, moment.day, tzinfo=UTC), precision="day")
    return None
