import re
from datetime import timedelta
from itertools import pairwise

import pytest
from invented_library import NOW, SCRIPT, TURNED
from runs_of_old import begun, ended, store_of

from crawler.runlog import log_name
from crawler.web.pages import hosts, operations, runs, schedule, workers
from crawler.web.rendering import coded
from storage.errors import StoreUnavailable
from storage.types import AlertKind, RunState, utc_now


def rows(page, path="//tbody/tr"):
    """Texts of the cells of each row."""
    return [[" ".join(cell.xpath("string()").split()) for cell in row] for row in page.tree.xpath(path)]


PAGES = ["/operations", "/runs", "/schedule", "/workers", "/hosts", "/linkrot"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_in_both_navigations(client, path):
    page = client.page(path)
    current = page.tree.xpath("//nav[@aria-label='Operations']//a[@aria-current='page']/@href")
    assert current == [path]
    assert page.tree.xpath("//nav[@aria-label='Main']//a[@aria-current]/@href") == ["/operations"]
    assert set(page.tree.xpath("//nav[@aria-label='Operations']//@href")) == set(PAGES)


@pytest.mark.parametrize("path", PAGES)
def test_empty_library_has_every_page(empty_visitor, path):
    assert len(empty_visitor.page(path).texts("//h1")) == 1


@pytest.mark.parametrize("path", [*PAGES, "/runs/1", "/schedule/verify", "/hosts/harbour-post.example"])
def test_headings_tables_and_ids_are_in_order(visitor, path):
    with store_of(visitor) as store:
        begun(store)
    page = visitor.page(path)
    levels = [int(one.tag[1]) for one in page.tree.xpath("//h1 | //h2 | //h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = page.tree.xpath("//@id")
    assert len(set(ids)) == len(ids)
    for table in page.tree.xpath("//table"):
        assert table.xpath("caption")
        assert all(one.get("scope") in {"row", "col"} for one in table.xpath(".//th"))
    assert set(page.tree.xpath("//@aria-labelledby")) <= {*ids, *page.tree.xpath("//svg/@aria-labelledby")}


# -- overview ----------------------------------------------------------------------------------------------------


def test_overview_counts_the_library_and_its_disk(client):
    page = client.page("/operations")
    cards = dict(text.split(" ", 1)[::-1] for text in page.texts("//ul[@class='cards']/li"))
    with client.site.stores.lent() as store:
        status = store.status(now=utc_now())
    assert cards["events"] == str(status.events)
    assert cards["source links"] == str(status.source_links)
    disk = dict(zip(page.texts("//dl/dt"), page.texts("//dl/dd"), strict=True))
    assert re.match(r"[\d.]+ KiB", disk["Captures"])
    assert re.match(r"[\d.]+ [KM]iB", disk["Database"])
    assert "runs stop below" in disk["Free"]


def test_overview_draws_charts_with_their_figures_as_tables(client):
    page = client.page("/operations")
    names = [one.removesuffix("-caption") for one in page.tree.xpath("//figure/@aria-labelledby")]
    assert names[0] == "coverage"
    assert "link-rot" in names
    figures = rows(page, "(//figure)[1]//tbody/tr")
    assert [row[0] for row in figures] == ["2006-07", "2007-11", "2007-12"]
    assert figures[0][1:] == ["3", "1", "3"]
    assert page.tree.xpath("//figure//svg/@role") == ["img"] * len(names)


def test_overview_says_what_needs_attention(visitor):
    text = f"post.example: {SCRIPT} {TURNED}"
    with store_of(visitor) as store:
        store.put_alerts({(AlertKind.SILENT_HOST, "post.example"): text}, kinds=[AlertKind.SILENT_HOST], now=utc_now())
    page = visitor.page("/operations")
    alert, *findings = page.texts("//section[@aria-labelledby='attention']/ul/li")
    assert alert.startswith("silent host post.example: <script>")
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in page.source
    assert SCRIPT not in page.source
    assert any(one.startswith("note contact:") for one in findings)
    assert "`" not in page.text


def test_overview_of_a_healthy_library_says_so(visitor, monkeypatch):
    monkeypatch.setattr(operations, "_CHECKS", ())
    assert "No alert stands" in visitor.page("/operations").text


def test_overview_lists_what_runs_what_ran_and_what_comes(visitor):
    with store_of(visitor) as store:
        ended(store, "dateline backfill", state=RunState.FAILED, status=2, problem=f"no {SCRIPT}")
        ended(store, "dateline crawl", status=1, counts={"not_modified": 7, "gone": 1})
        begun(store, "dateline discover", job="discovery")
    page = visitor.page("/operations")
    assert page.texts("//p[@role='status']") == ["1 run is at work."]
    first, second = page.tree.xpath("//table[contains(@class, 'runs')]")
    assert "dateline discover" in first.xpath("string()")
    over = [" ".join(row.xpath("string()").split()) for row in second.xpath("tbody/tr")]
    assert any("failed" in one and "no <script>" in one for one in over)
    assert any("exit 1" in one and "7 not modified, 1 gone" in one for one in over)
    assert "no scheduler" in page.text
    assert page.links("//section[@aria-labelledby='next']")["verify"] == "/schedule/verify"


def test_overview_says_what_waits_and_how_to_begin(client):
    waiting = client.page("/operations").texts("//section[@aria-labelledby='library']//code")
    assert "dateline crawl" in waiting


def test_disk_that_is_nearly_full_is_said(visitor, monkeypatch):
    monkeypatch.setattr(operations, "free_bytes", lambda _: 5 << 20)
    assert "too little" in visitor.page("/operations").text


def test_library_without_postgresql_has_no_workers(client):
    assert "No workers are used" in client.page("/workers").text
    assert "No workers are used" in client.page("/operations").text


def test_queue_that_cannot_be_asked_does_not_hide_the_rest(visitor, monkeypatch):
    def away(_):
        raise StoreUnavailable("away")

    monkeypatch.setattr(workers, "address_of", lambda _: "")
    monkeypatch.setattr(workers, "queues_of", away)
    assert "the database does not answer" in visitor.page("/operations").text
    assert visitor.get("/workers", expect=503)


def test_workers_are_listed_with_what_is_wrong(visitor, monkeypatch):
    monkeypatch.setattr(workers, "address_of", lambda _: "")
    queue = workers.QueueStanding(queue="live", waiting=3, running=1, stalled=1, oldest=utc_now())
    monkeypatch.setattr(workers, "queues_of", lambda _: [queue])
    with store_of(visitor) as store:
        run = begun(store, "dateline work")
        store.heartbeat(run.token, now=utc_now() - timedelta(hours=1), counts={})
    page = visitor.page("/workers")
    assert page.links()[f"{run.number} (run)"] == f"/runs/{run.number}"
    assert "silent" in page.texts("//td/span")
    assert len(page.texts("//p[@class='problem']")) == 2
    assert rows(page)[-1][:4] == ["live", "3", "1", "1"]


# -- runs --------------------------------------------------------------------------------------------------------


def test_runs_are_narrowed_by_job_and_state(visitor):
    with store_of(visitor) as store:
        ended(store, "dateline discover", job="discovery")
        ended(store, "dateline crawl", job="sources", state=RunState.FAILED, status=2)
        ended(store, "dateline link run")
    assert len(visitor.page("/runs").texts("//tbody/tr")) == 3
    (row,) = visitor.page("/runs?job=discovery").texts("//tbody/tr")
    assert "dateline discover" in row
    (row,) = visitor.page("/runs?state=failed").texts("//tbody/tr")
    assert "dateline crawl" in row
    page = visitor.page("/runs?state=failed&job=discovery")
    assert "No run fits" in page.text
    assert page.tree.xpath("//option[@selected]/text()") == ["discovery", "failed"]


def test_runs_are_turned_page_by_page(visitor, monkeypatch):
    monkeypatch.setattr(runs, "PER_PAGE", 2)
    with store_of(visitor) as store:
        numbers = [ended(store, hours=10 - hour).number for hour in range(5)]
    seen, path = [], "/runs"
    while path:
        page = visitor.page(path)
        seen += [int(text.split()[0]) for text in page.texts("//tbody/tr/th")]
        path = page.links().get("Older →", "")
    assert seen == numbers[::-1]
    assert visitor.page("/runs?page=3").links()["← Newer"] == "/runs?page=2"


@pytest.mark.parametrize("page", ["0", "-1", "x", "٣", "9" * 4000, ""])
def test_page_that_is_none_is_the_first_or_the_last(visitor, page):
    with store_of(visitor) as store:
        ended(store)
    assert visitor.get(f"/runs?page={page}").status_code == 200
    assert visitor.get(f"/hosts?page={page}").status_code == 200


def test_state_that_is_none_is_refused_with_those_that_are(client):
    assert "interrupted" in client.page("/runs?state=walking", expect=400).text


def test_run_is_shown_with_its_log_as_text(visitor, own_folder):
    with store_of(visitor) as store:
        run = ended(store, f"dateline crawl --host '{SCRIPT}'", counts={"soft_404": 2}, problem=f"{SCRIPT}")
    log = own_folder / log_name(run.number)
    log.parent.mkdir(exist_ok=True)
    log.write_bytes(f"first\n{SCRIPT} \x1b[31mred\x07 {TURNED}\n".encode() + b"\xff\xfe\n" + b"x" * 5000)
    page = visitor.page(f"/runs/{run.number}")
    shown = page.tree.xpath("string(//pre)")
    assert shown.startswith(f"first\n{SCRIPT} ")
    assert not set("\x1b\x07\N{RIGHT-TO-LEFT OVERRIDE}") & set(page.source)
    assert SCRIPT not in page.source
    assert len(shown) < 1200
    assert "2 soft 404" in page.text
    assert not page.tree.xpath("//@data-live")


def test_run_that_is_not_there_is_not_found(client):
    client.get("/runs/999", expect=404)
    client.get("/runs/999999999999999999999999999", expect=404)


# -- schedule ----------------------------------------------------------------------------------------------------


def test_schedule_lists_jobs_with_next_start_and_last_run(visitor):
    with store_of(visitor) as store:
        run = ended(store, "dateline captures verify", job="verify", status=1)
        store.pause_job("sources", now=utc_now(), who="ada", reason=SCRIPT)
        store.pause_job("no-more", now=utc_now(), who="ada", reason="")
    page = visitor.page("/schedule")
    rows = {row.split()[0]: row for row in page.texts("//tbody/tr")}
    assert "paused: <script>" in rows["sources"]
    assert "finished, exit 1" in rows["verify"]
    assert f"/runs/{run.number}" in page.links().values()
    assert "in no settings any more: no-more" in page.text
    assert SCRIPT not in page.source


def test_job_says_when_it_starts(client):
    page = client.page("/schedule/verify")
    assert page.texts("//dt")[0] == "What for"
    assert len(re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", page.text)) >= 5


def test_job_that_is_not_there_is_not_found(client):
    assert "there is no job" in client.page("/schedule/none", expect=404).text


def test_scheduler_that_leads_is_named(visitor, monkeypatch):
    monkeypatch.setattr(
        schedule, "scheduler_at_work", lambda _: schedule.Leader(machine="atlas", pid=1, since=utc_now())
    )
    assert "on atlas starts the jobs" in visitor.page("/schedule").text
    assert "on atlas starts the jobs" in visitor.page("/operations").text


def test_nobody_can_say_who_leads_is_nobody(visitor, monkeypatch):
    def away(_):
        raise StoreUnavailable("away")

    monkeypatch.setattr(schedule, "scheduler_at_work", away)
    assert "No scheduler is at work" in visitor.page("/schedule").text


# -- hosts -------------------------------------------------------------------------------------------------------


def test_hosts_are_searched_by_a_part_of_the_name(client):
    page = client.page("/hosts?name=%20HARBOUR")
    assert page.links("//tbody") == {"harbour-post.example": "/hosts/harbour-post.example"}
    assert "0 hosts" in client.page("/hosts?name=nowhere").text
    assert "<b>" not in client.page("/hosts?name=<b>").source


def test_hosts_are_turned_page_by_page(client, monkeypatch):
    monkeypatch.setattr(hosts, "PER_PAGE", 4)
    client.site.remembered.forget()
    seen, path = [], "/hosts"
    while path:
        page = client.page(path)
        seen += list(page.links("//tbody"))
        path = page.links().get("Next →", "")
    with client.site.stores.lent() as store:
        assert sorted(seen) == sorted(host.name for host in store.hosts(now=utc_now()))


def test_paused_host_comes_first_and_says_why(visitor):
    with store_of(visitor) as store:
        store.pause_host("lantern.example", now=utc_now(), reason=SCRIPT)
    page = visitor.page("/hosts")
    assert page.texts("//tbody/tr")[0].startswith("lantern.example paused paused")
    assert "1 host is paused" in page.text
    one = visitor.page("/hosts/lantern.example")
    assert SCRIPT in one.text
    assert SCRIPT not in one.source


def test_host_shows_what_came_of_asking(visitor):
    now = utc_now()
    with store_of(visitor) as store:
        assert store.host("harbour-post.example", now=now).documents
    page = visitor.page("/hosts/harbour-post.example")
    facts = dict(zip(page.texts("//dl/dt"), page.texts("//dl/dd"), strict=True))
    assert facts["Interval"].endswith("because of crawl.delay_s")
    assert "articles?publisher=harbour-post.example" in str(page.links())


def test_attempts_of_the_last_days_are_drawn(visitor, monkeypatch):
    monkeypatch.setattr(hosts, "utc_now", lambda: NOW)
    page = visitor.page("/hosts/harbour-post.example")
    assert rows(page, "//table[not(ancestor::figure)]//tbody/tr") == [["fetched", "2", "2"]]
    assert rows(page, "//figure//tbody/tr") == [["2026-02-21", "1", *"0000"], ["2026-02-27", "1", *"0000"]]


@pytest.mark.parametrize("path", ["/hosts/nowhere.example", "/hosts/%3Cscript%3E", "/hosts/..%2f..", "/hosts/%00"])
def test_host_that_is_not_there_is_not_found(client, path):
    assert client.http.get(path).status_code in {400, 404}


# -- link rot ----------------------------------------------------------------------------------------------------


def test_link_rot_is_counted_by_year_host_and_outcome(client):
    page = client.page("/linkrot")
    assert page.texts("//table/caption")[-3:] == [
        "Cited pages by year of the earliest event",
        "Cited pages by host",
        "Cited pages by outcome of the latest attempt",
    ]
    years = rows(page, "//h2[text()='By year']/following-sibling::div[1]//tbody/tr")
    assert {row[0]: row[1:3] for row in years if row[0].isdigit()} == {"2006": ["6", "3 50%"], "2007": ["2", "1 50%"]}
    assert page.links()["lantern.example"] == "/hosts/lantern.example"


# -- what templates write ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("`dateline work` starts one", "<code>dateline work</code> starts one"),
        ("<b> `<i>` & `open", "&lt;b&gt; <code>&lt;i&gt;</code> &amp; <code>open</code>"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_what_stands_between_backticks_is_code(text, html):
    assert str(coded(text)) == html
