"""Synthetic bad pages, each in its own process: CPU seconds, peak memory, and whether there is any text."""

from __future__ import annotations

import multiprocessing
import queue
import resource
import time
from datetime import UTC, datetime

from extraction_gate import extractors
from extraction_gate.truth import LabelledPage, Truth

LIMIT_SECONDS = 60
_HEAD = "<html><head><title>Council mends the sea wall</title></head><body><h1>Council mends the sea wall</h1>"


def _text(count):
    """Paragraphs that differ, because lines that repeat are furniture everywhere."""
    return "".join(
        f"<p>The council voted on day {n} to mend sea wall {n}, clerk {n * 7} said, after {n} hours in a cold hall.</p>"
        for n in range(count)
    )


def cases():
    """Name -> page."""
    links = "".join(f"<li><a href=/{number}>Story number {number} of today</a></li>" for number in range(100_000))
    return {
        "deep divs 3,000": _HEAD + "<div>" * 3000 + _text(20) + "</div>" * 3000,
        "deep divs 20,000": _HEAD + "<div>" * 20_000 + _text(20),
        "unclosed b and font": _HEAD + "".join(f"<b><font>word{n} " for n in range(20_000)) + _text(20),
        "100,000 links": f"{_HEAD}<article>{_text(20)}</article><ul>{links}</ul>",
        "50,000 paragraphs": f"{_HEAD}<article>{_text(50_000)}</article>",
        "10 MB script": f"{_HEAD}<script>var x='{'a' * 10_000_000}'</script><article>{_text(20)}</article>",
        "400 nested tables": _HEAD + "<table><tr><td>" * 400 + _text(20),
        "long run of digits": f"{_HEAD}<article>{_text(20)}</article><div>{'2006-07-' * 200_000}</div>",
        "run of entities": f"{_HEAD}<article>{_text(5)}<p>{'&amp;' * 1_000_000}</p></article>",
        "50,000 breaks": f"{_HEAD}<td>{_text(50_000).replace('<p>', '').replace('</p>', '<br><br>')}</td>",
    }


def run(name):
    """Print one line per bad page for an extractor of `extraction_gate.extractors`."""
    print(f"\n{name}: CPU seconds, peak MB, characters of text")
    for title, source in cases().items():
        answers = multiprocessing.Queue()
        process = multiprocessing.Process(target=_alone, args=(answers, name, source))
        process.start()
        try:
            seconds, peak, length, problem = answers.get(timeout=LIMIT_SECONDS)
            print(f"   {title:24}{seconds:>8.2f}{peak:>8}{length:>10} {problem}")
        except queue.Empty:
            process.kill()
            print(f"   {title:24} nothing within {LIMIT_SECONDS} s")
        process.join()


def _page(source):
    return LabelledPage(
        id="bad", structure="bad", host="bad.example", url="http://bad.example/2006/07/05/a.html",
        content=source.encode(), content_type="text/html; charset=utf-8", captured_at=datetime(2020, 1, 1, tzinfo=UTC),
        truth=Truth(body=()),
    )  # fmt: skip


def _alone(answers, name, source):
    extractor = getattr(extractors, name)
    extractor(_page(_HEAD + _text(9)))
    begun, problem, answer = time.process_time(), "", {}
    try:
        answer = extractor(_page(source))
    except Exception as raised:  # noqa: BLE001 - what a bad page makes an extractor raise is the finding
        problem = type(raised).__name__
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    answers.put((time.process_time() - begun, peak, len(answer.get("text") or ""), problem))
