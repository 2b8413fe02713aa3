"""Whatever articles come in whatever order, the in-memory twin tells the same stories as the database."""

from dataclasses import replace

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from storage.errors import DocumentNotFound, Unstorable
from storage.types import Access, SameDocumentClaim, SameDocumentHow

WORDS = [f"word{number}" for number in range(40)]
DOCUMENTS = st.integers(0, 6)
TEXTS = st.tuples(st.integers(0, 3), st.integers(4, 10)).map(lambda cut: " ".join(WORDS[cut[0] * 4 :][: cut[1] * 2]))
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "agency": st.sampled_from(["", "AP"]),
        "agency_own": st.booleans(),
        "access": st.sampled_from([Access.FULL, Access.TEASER]),
    },
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("fetch"), DOCUMENTS, TEXTS, FIELDS, st.integers(0, 8)),
        st.tuples(st.just("fetch"), DOCUMENTS, TEXTS, FIELDS, st.integers(0, 8)),
        st.tuples(st.just("extract"), st.integers(1, 6), TEXTS, FIELDS),
        st.tuples(st.just("merge"), DOCUMENTS, DOCUMENTS),
        st.tuples(st.just("undo"), DOCUMENTS),
        st.tuples(st.just("compare"), st.booleans()),
    ),
    min_size=6,
    max_size=14,
)


class Twin:
    """One store, in which an event cites all documents but one."""

    def __init__(self, store, make):
        self.store, self.make = store, make
        hosts = ("harbour-post.example", "lind-herald.example")
        cited = [make.link(number + 1, f"/{number}", hosts[number % 2]) for number in range(7)]
        self.urls = [one.identity.canonical_url for one in cited]
        store.put_events([make.entry(sources=cited[:6])], match=make.no_match, now=make.NOW)
        store.put_loose([make.loose("/6")], now=make.NOW)

    def take(self, name, *arguments):
        return getattr(self, name)(*arguments)

    def article(self, text, fields, days):
        return self.make.article(text, published_at=self.make.dated(self.make.at(days=days)), **fields)

    def fetch(self, number, text, fields, days):
        document = self.store.document(self.urls[number])
        claim = SameDocumentClaim(
            canonical_url=self.urls[(number + 1) % 7], how=SameDocumentHow.CANONICAL, evidence="declared"
        )
        result = self.make.result(
            document, article=self.article(text, fields, days), payload=f"{number} {text}", claims=(claim,)
        )
        return replace(self.store.archive([result], decide=self.make.contained, now=self.make.NOW)[0], attempt_id=0)

    def extract(self, version_id, text, fields):
        if version_id <= self.store.status(now=self.make.NOW).versions:
            return self.store.reextract(version_id, self.article(text, fields, 0), now=self.make.NOW)
        return None

    def merge(self, number, other):
        ids = [self.store.document(self.urls[each]).id for each in (number, other)]
        try:
            made = self.store.merge_documents(*ids, how=SameDocumentHow.HAND, evidence="", now=self.make.NOW)
        except Unstorable as problem:
            return str(problem)
        return made

    def undo(self, number):
        try:
            return self.store.undo_merge(self.store.document(self.urls[number]).id, because="no", now=self.make.NOW)
        except DocumentNotFound as problem:
            return str(problem)

    def compare(self, all_of_them):
        self.store.compare_later(None if all_of_them else ())
        waiting = self.store.waiting_for_comparison(limit=100)
        how = {"decide": self.make.contained, "fingerprint": self.make.as_stored, "now": self.make.NOW}
        return waiting, self.store.compare_again(waiting, **how)

    def seen(self):
        articles = list(self.store.articles())
        return {
            "articles": [replace(one, lead_image=None) for one in articles],
            "relations": [self.store.relations(one.id) for one in articles],
            "coverage": self.store.event(self.make.entry().key).coverage,
            "merges": list(self.store.merges(undone=True)),
            "wires": list(self.store.wire_counts()),
            "status": self.store.status(now=self.make.NOW),
            "unlinked": [one.article_id for one in self.store.waiting_for_links(limit=100)],
        }


@settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # each step costs two databases: shrinking takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_both_backends_tell_the_same_stories(both_empty, make, steps):
    with both_empty() as (database, memory):
        twins = [Twin(database, make), Twin(memory, make)]
        for step in steps:
            stored, remembered = (twin.take(*step) for twin in twins)
            assert remembered == stored, step
            stored, remembered = (twin.seen() for twin in twins)
            for name in stored:
                assert remembered[name] == stored[name], (step, name)
