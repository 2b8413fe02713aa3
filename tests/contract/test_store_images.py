"""Lead images in the store: documents of their own that are no missing articles."""

import pytest

from storage.types import DocumentRole, ImageFacts, Outcome, Selection, WantedImage

FACTS = ImageFacts(width=640, height=480, media_type="image/jpeg", perceptual_hash=-(1 << 63))
IMAGES = Selection(role=DocumentRole.LEAD_IMAGE)
SOURCES = Selection(role=DocumentRole.SOURCE)


@pytest.fixture
def wanted(make):
    def build(path="/ferry.jpg", host="images.example"):
        return WantedImage(url=f"http://{host}{path}", identity=make.identity(path, host))

    return build


@pytest.fixture
def archived(store, make):
    """Stores one result; returns the answer."""

    def build(result):
        (answer,) = store.archive([result], decide=make.decide, now=make.NOW)
        assert not answer.error
        return answer

    return build


@pytest.fixture
def shown(store, make, sources, wanted, archived):
    """An article with a lead image that is due, and the image's document."""
    (document,) = sources("/a")
    answer = archived(make.result(document, "ferry aground", lead_image=wanted()))
    return answer, store.document(wanted().identity.canonical_url)


def test_an_article_brings_its_image_due_at_once(store, make, shown):
    answer, image = shown
    assert (image.role, image.next_fetch_at, image.host) == (DocumentRole.LEAD_IMAGE, make.NOW, "images.example")
    (leased,) = store.lease(make.request(now=make.at(seconds=1)))
    assert leased == image
    view = store.article(answer.article_id).lead_image
    assert (view.url, view.document.id, view.facts, view.capture) == (
        "http://images.example/ferry.jpg",
        image.id,
        None,
        None,
    )
    assert store.history(image.canonical_url).lead_image_of == (answer.article_id,)


def test_what_the_stored_image_shows_is_told_with_the_article(store, make, shown, archived):
    answer, image = shown
    before = make.result(image, None, Outcome.NOT_IMAGE)
    archived(before)
    taken = make.result(image, None, Outcome.IMAGE, image=FACTS, attempt_fields={"next_fetch_at": None})
    archived(taken)
    (view,) = store.articles()
    assert view == store.article(answer.article_id)
    assert view.lead_image.facts == FACTS
    assert view.lead_image.capture.location == taken.captures[0].location
    assert (view.lead_image.document.last_outcome, view.lead_image.document.failures) == (Outcome.IMAGE, 0)
    later = ImageFacts(width=8, height=6, media_type="image/png", perceptual_hash=(1 << 63) - 1)
    archived(make.result(image, None, Outcome.IMAGE, image=later))
    assert store.article(answer.article_id).lead_image.facts == later


def test_an_item_that_cannot_be_stored_leaves_no_image(store, make, sources, wanted):
    (document,) = sources("/a")
    taken = make.result(document)
    assert not store.archive([taken], decide=make.decide, now=make.NOW)[0].error
    clash = make.result(document, "ferry aground", captures=taken.captures, lead_image=wanted())
    (answer,) = store.archive([clash], decide=make.decide, now=make.NOW)
    assert answer.error
    assert store.find_document(wanted().identity.canonical_url) is None


def test_lead_images_are_counted_apart(store, make, shown, archived):
    _, image = shown
    status = store.status(now=make.at(seconds=1))
    assert (status.documents, status.untried, status.due) == (1, 0, 0)
    assert (status.by_outcome, status.lead_images) == ({"fetched": 1}, {"untried": 1})
    archived(make.result(image, None, Outcome.GONE))
    status = store.status(now=make.NOW)
    assert (status.by_outcome, status.lead_images) == ({"fetched": 1}, {"gone": 1})


def test_a_dead_image_is_no_missing_article(store, make, shown, archived, sources):
    _, image = shown
    archived(make.result(image, None, Outcome.GONE))
    assert store.queue_backfills(make.RULES, now=make.NOW) == 0
    named = make.backfill(canonical_url=image.canonical_url, due_only=False)
    assert (store.lease_backfills(named), store.count_backfills(named)) == ([], 0)
    assert list(store.wanted_keys()) == []
    assert image.id not in {document.id for document, _, _ in store.replayable(Selection())}
    assert list(store.link_rot()) == []


def test_a_selection_narrows_to_a_role(store, make, shown, sources):
    _, image = shown
    (due,) = sources("/b")
    now = make.at(seconds=1)
    assert [one.id for one in store.due(IMAGES, now=now)] == [image.id]
    assert [one.id for one in store.due(SOURCES, now=now)] == [due.id]
    assert {one.id for one in store.due(Selection(), now=now)} == {image.id, due.id}
    sources_only = make.request(now=now, role=DocumentRole.SOURCE)
    assert [one.id for one in store.lease(sources_only)] == [due.id]
    images_only = make.request("run-2", now=now, role=DocumentRole.LEAD_IMAGE)
    assert [one.id for one in store.lease(images_only)] == [image.id]


def test_an_image_that_an_entry_cites_is_a_source(store, make, shown, wanted):
    _, image = shown
    store.put_loose([make.loose("/ferry.jpg", "images.example")], now=make.at(days=1))
    assert store.document(image.canonical_url).role is DocumentRole.SOURCE
    assert store.status(now=make.NOW).lead_images == {}


def test_a_source_that_an_article_shows_stays_a_source(store, make, sources, archived, wanted):
    (cited,) = sources("/ferry.jpg", host="images.example")
    archived(make.result(cited, None, Outcome.NOT_HTML, attempt_fields={"next_fetch_at": None}))
    (document,) = sources("/a")
    answer = archived(make.result(document, "ferry aground", lead_image=wanted()))
    assert store.article(answer.article_id).lead_image.document.role is DocumentRole.SOURCE
    assert store.document(cited.canonical_url).next_fetch_at is None


def test_two_articles_that_show_one_image_share_its_document(store, make, sources, archived, wanted):
    one, other = sources("/a", "/b")
    answers = [
        archived(make.result(one, "ferry aground", lead_image=wanted())),
        archived(make.result(other, "harbour reopened", lead_image=wanted())),
    ]
    image = store.document(wanted().identity.canonical_url)
    articles = tuple(answer.article_id for answer in answers)
    assert store.history(image.canonical_url).lead_image_of == articles
    assert store.status(now=make.NOW).lead_images == {"untried": 1}


def test_stored_articles_get_their_images_when_asked_for(store, make, sources, archived, wanted):
    one, other = sources("/a", "/b")
    versions = [
        archived(make.result(one, "ferry aground")).version_id,
        archived(make.result(other, "harbour reopened")).version_id,
    ]
    given = dict.fromkeys(versions, wanted())
    assert store.put_lead_images(given, now=make.NOW, dry_run=True) == 1
    assert store.status(now=make.NOW).lead_images == {}
    assert store.put_lead_images(given, now=make.NOW) == 1
    assert store.put_lead_images(given, now=make.at(days=1)) == 0
    assert [one.next_fetch_at for one in store.due(IMAGES, now=make.NOW)] == [make.NOW]
    assert store.put_lead_images({versions[0]: wanted("/mast.jpg")}, now=make.NOW) == 1
    urls = [view.lead_image.url for view in store.articles()]
    assert urls == ["http://images.example/mast.jpg", "http://images.example/ferry.jpg"]


def test_the_link_is_the_versions_and_reextracting_keeps_it(store, make, shown, archived, wanted):
    answer, image = shown
    article = make.article("ferry aground", lead_image_url="http://images.example/other.jpg")
    assert store.reextract(answer.version_id, article, now=make.NOW)
    assert store.article(answer.article_id).lead_image.document.id == image.id
    document = store.article(answer.article_id).document
    later = make.result(
        document, "ferry afloat", lead_image=wanted("/afloat.jpg"), attempt_fields={"finished_at": make.at(days=1)}
    )
    newer = archived(later)
    assert newer.version_id != answer.version_id
    assert store.article(answer.article_id).lead_image.url == "http://images.example/afloat.jpg"
    assert store.history(image.canonical_url).lead_image_of == (answer.article_id,)
