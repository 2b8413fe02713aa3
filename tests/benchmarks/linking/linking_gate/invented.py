"""An invented library: forty days of events with twins, sequels and namesakes, and articles about some of them.

Every text is made from the frames below with a seed, so that the set is the same each time. Frames are grammatical; the
article's frame never repeats the entry's, as a reporter never wrote the entry. What makes it hard:

- *daily twins*: the same report of the same day for several countries, and of several days for the same country;
- *twins of place*: two kinds of event in one town on one day;
- *sequels*: the day after, with the same names and another thing that happened;
- articles that report no event of the library, some of them about a place that one names;
- undated articles; copies of a cited article; articles in another language.
"""

import random
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from linking_gate.cases import Case, Cases
from storage.types import ArticleText, EventText, LinkHow, LinkState, StoryLink

FIRST_DAY = date(2031, 3, 1)
DAYS = 40
_COUNTRIES = re.findall(
    r"\w+", "Finland Portugal Kenya Nepal Peru Bolivia Ghana Latvia Fiji Jordan Norway Chile Malawi Oman Zambia Estonia"
)
_PEOPLES = dict(
    zip(
        _COUNTRIES,
        re.findall(
            r"\w+",
            "Finnish Portuguese Kenyan Nepali Peruvian Bolivian Ghanaian Latvian Fijian Jordanian Norwegian Chilean"
            " Malawian Omani Zambian Estonian",
        ),
        strict=True,
    )
)
_BEGIN = re.findall(r"\w+", "Mar Tol Bre Kas Ven Dor Hal Ost Lin Wex Sor Pel Gar Nim")
_MIDDLE = re.findall(r"\w+", "re la vi ko da ni so ma")
_END = re.findall(r"\w+", "burg stad wick haven minster ford dale port mouth ham")
_SURNAMES = re.findall(
    r"\w+",
    "Aldane Brixholm Corvane Dessary Eskelund Farrowby Grenholt Hartveld Isbrandt Jorvelle Kesmark Lorrimond",
)
_FORENAMES = re.findall(r"\w+", "Ada Benno Clio Dario Edda Floris Greta Hanno Ilse Jonas Katla Lennart")


@dataclass(frozen=True)
class Frame:
    """One kind of event: how an entry says it, how a headline and a first paragraph do, what comes the day after."""

    entry: str
    headline: str
    lede: str
    after_entry: str
    after_headline: str
    after_lede: str


_FRAMES = (
    Frame(
        "At least {n} people are killed and {m} injured when a passenger ferry capsizes off {town}, {country}.",
        "{n} dead as ferry sinks near {town}",
        "A ferry with more than two hundred aboard overturned in rough water close to the {people} port of {town},"
        " rescuers said, leaving {n} dead.",
        "Divers recover the wreck of the ferry that capsized off {town}, {country}; its captain {name} is arrested.",
        "Captain held after {town} ferry disaster",
        "Police detained {name}, who commanded the ferry lost off {town}, as divers brought up the {people} wreck.",
    ),
    Frame(
        "A magnitude {n}.4 earthquake strikes {town}, {country}, destroying {m} houses.",
        "Strong quake hits {people} town of {town}, homes destroyed",
        "The ground shook for half a minute in {town}; the {people} seismological institute put the tremor at {n}.4.",
        "{country} declares a state of emergency in {town} after the earthquake.",
        "Emergency declared in quake-stricken {town}",
        "{country}'s cabinet put {town} under emergency rule so that soldiers can clear rubble left by the tremor.",
    ),
    Frame(
        "Voters in {country} go to the polls in a general election; {name} seeks a second term as prime minister.",
        "{people} voters decide whether {name} stays in office",
        "Polling stations opened across {country} this morning. {name} hopes to remain prime minister.",
        "{name} wins the general election in {country} with {m} percent of the vote.",
        "{name} claims victory in {people} election",
        "With nearly all ballots counted, {name} has {m} percent and will stay on as head of {country}'s government.",
    ),
    Frame(
        "A court in {town}, {country}, sentences former minister {name} to {n} years in prison for bribery.",
        "{people} ex-minister {name} jailed for taking bribes",
        "Judges at {town} found that {name} had accepted money from builders, and handed down {n} years.",
        "Supporters of {name} clash with police in {town}, {country}; {m} people are detained.",
        "Dozens detained at protest for jailed {name}",
        "Followers of {name} threw stones outside the court house of {town}. Officers took {m} of them away.",
    ),
    Frame(
        "A fire at a textile factory in {town}, {country}, kills {n} workers.",
        "Blaze at {town} textile plant leaves {n} dead",
        "Flames tore through a weaving mill on the edge of {town}. {people} officials counted {n} bodies by evening.",
        "The owner of the burned textile factory in {town}, {country}, is charged with manslaughter.",
        "Factory owner charged over {town} blaze",
        "Prosecutors blame locked doors for the deaths at the weaving mill of {town} and have charged its owner.",
    ),
    Frame(
        "The central bank of {country} raises its interest rate to {n}.5 percent.",
        "{people} central bank lifts rates again",
        "Rate setters in {country} went to {n}.5 percent, citing food prices.",
        "The finance minister of {country}, {name}, resigns after criticism from the central bank.",
        "{people} finance chief {name} quits",
        "{name} stepped down as {country}'s finance minister following a quarrel over borrowing costs.",
    ),
)
_DAILY = (
    "{country} reports {m} new measles cases, a record for one day.",
    "{people} measles infections at new high",
    "Health officials in {country} confirmed {m} fresh infections with measles since yesterday.",
)
_NOTHING = (
    ("How to keep herbs fresh through the winter in {country}", "Gardeners in {town} swear by sand and patience."),
    ("{people} handball side beat visitors {n}-1", "A late run of goals settled the match in {town}."),
    ("Ten walks around {town} for a dry weekend", "The best paths begin behind the {people} railway museum."),
    ("Opinion: what {country} owes its librarians", "Nobody in {town} remembers who opened the reading rooms."),
    ("{name} publishes a novel about {town}", "The {people} writer spent nine years among fishermen."),
)
_FOREIGN = (
    ("{n} Tote bei Fährunglück vor {town}", "Eine Fähre ist vor {town} gekentert, teilten die Retter mit.", 0),
    ("Séisme à {town}: maisons détruites", "La terre a tremblé à {town}, magnitude {n},4 selon l'institut.", 1),
)
_FURNITURE = (
    "\n\nRescuers, officials and residents spoke of a day that they would not forget. More follows as it is known."
)


def invented_cases(seed=7, days=DAYS):
    """The set."""
    made = _Library(random.Random(seed))  # noqa: S311 - reproducible test data
    for number in range(days):
        made.day(FIRST_DAY + timedelta(number))
    return Cases(events=tuple(made.events), cases=tuple(made.cases))


class _Library:
    def __init__(self, rng):
        self.rng = rng
        self.events, self.cases = [], []
        self.towns = [a + b + c for a in _BEGIN for b in _MIDDLE for c in _END]
        rng.shuffle(self.towns)

    def day(self, day):
        """Eight stories with a day after, five daily reports (two of them each day), five articles about nothing."""
        for index in self.rng.sample(range(len(_FRAMES)), 4):
            self.story(day, index)
        for index in self.rng.sample(range(len(_FRAMES)), 2):
            self.same_place(day, index)
        for country in (*_COUNTRIES[:2], *self.rng.sample(_COUNTRIES[2:], 3)):
            self.daily(day, country)
        for headline, lede in _NOTHING:
            words = self.words()
            self.case(day, headline.format(**words), lede.format(**words), (), "nothing")

    def words(self, **fixed):
        country = fixed.get("country") or self.rng.choice(_COUNTRIES)
        return {
            "country": country,
            "people": _PEOPLES[country],
            "town": self.towns.pop() if len(self.towns) > 50 else self.rng.choice(self.towns),
            "name": f"{self.rng.choice(_FORENAMES)} {self.rng.choice(_SURNAMES)}",
            "n": self.rng.randint(3, 9),
            "m": self.rng.randint(21, 899),
        } | fixed

    def story(self, day, index, **fixed):
        frame, words = _FRAMES[index], self.words(**fixed)
        first = self.event(day, frame.entry, words)
        after = self.event(day + timedelta(1), frame.after_entry, words)
        headline, lede = frame.headline.format(**words), frame.lede.format(**words)
        self.case(day, headline, lede, (first,), "story")
        self.case(day, headline, lede, (first,), "late", hour=self.rng.choice((-2, 27)))
        self.case(day, headline, "", (first,), "headline only")
        self.case(day, headline, lede, (first,), "undated", dated=False)
        self.copy(day, first)
        self.case(
            day + timedelta(1),
            frame.after_headline.format(**words),
            frame.after_lede.format(**words),
            (after,),
            "sequel",
        )
        for head, text, of in _FOREIGN:
            if of == index:
                self.case(day, head.format(**words), text.format(**words), (first,), "another language")
        return words

    def same_place(self, day, index):
        words = self.story(day, index)
        self.story(day, (index + 1) % len(_FRAMES), town=words["town"], country=words["country"])

    def daily(self, day, country):
        words = self.words(country=country)
        entry, headline, lede = _DAILY
        event = self.event(day, entry, words)
        self.case(day, headline.format(**words), lede.format(**words), (event,), "daily twin")

    def copy(self, day, event):
        """A copy under a headline that says nothing, of an article that the event cites."""
        story = (StoryLink(event_key=event, article_id=1, state=LinkState.LINKED, how=LinkHow.CITATION, fit=0.97),)
        self.case(day, "Update: what we know so far", "More follows.", (event,), "copy", story=story)

    def event(self, day, frame, words):
        key = f"{day.year}/{day.month:02}/{day.day}/e{len(self.events)}"
        entities = tuple(words[name] for name in ("town", "country", "name") if "{" + name + "}" in frame)
        self.events.append(EventText(key=key, event_date=day, headline=frame.format(**words), entities=entities))
        return key

    def case(self, day, headline, lede, right, group, *, dated=True, hour=9, story=()):  # noqa: PLR0913
        number = len(self.cases) + 1
        slug = "-".join(headline.lower().replace(":", "").split()) if number % 2 else f"story-{number}"
        moment = datetime.combine(day, time(), UTC) + timedelta(hours=hour)
        article = ArticleText(
            article_id=number,
            canonical_url=f"https://harbour-post.example/{day:%Y/%m/%d}/{slug}",
            headline=headline,
            body=lede + _FURNITURE if lede else "",
            reported_at=moment if dated else moment + timedelta(400),
            dated=dated,
            story=story,
        )
        self.cases.append(Case(article=article, right=frozenset(right), group=group))
