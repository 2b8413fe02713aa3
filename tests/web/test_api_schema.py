"""The API keeps what its OpenAPI document says, whatever is sent: requests made from the document by schemathesis.

Every check that schemathesis has is made of every answer: no failure of ours, documented status, content type, headers
and shape, what has not the documented form refused, nothing done without the token. One more is ours: what has that
form is never refused for its form (it may be for what it means: a cursor of another list, a day that no calendar has).

A long run by hand: ``DATELINE_FUZZ_EXAMPLES=400 pytest -n0 -s --timeout 0 tests/web/test_api_schema.py``, with
``DATELINE_FUZZ_DATABASE`` for a library on PostgreSQL, and ``DATELINE_FUZZ_SEED`` for other requests.
"""

import os
import re
from collections import Counter
from contextlib import closing

import invented_library
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from crawler.configuration import load
from crawler.library import open_library
from crawler.web.api.endpoints import ENDPOINTS
from crawler.web.application import application, site_for
from crawler.web.policy import Policy
from storage.types import Run

TOKEN = "correct-horse-battery-staple"
EXAMPLES = int(os.environ.get("DATELINE_FUZZ_EXAMPLES", "3"))
SEED = int(os.environ.get("DATELINE_FUZZ_SEED", "1"))
DATABASE = os.environ.get("DATELINE_FUZZ_DATABASE", "")
FRACTION = re.compile(r"[0-9]+\.0")
RUN = Run(
    token="ab" * 16,
    command="dateline crawl",
    machine="north",
    pid=1,
    started_at=invented_library.NOW,
    heartbeat_at=invented_library.NOW,
)
CONFIG = {
    "seed": SEED,
    "headers": {"Authorization": f"Bearer {TOKEN}"},
    "generation": {"max-examples": EXAMPLES, "deterministic": EXAMPLES < 10},
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "400", "404"]}},
}


@schemathesis.check
def the_form_is_described(_context, response, case):
    """What has the documented form is not refused for its form, but for ``2.0``: JSON's whole number, no address's."""
    written = (*case.path_parameters.values(), *case.query.values())
    if any(FRACTION.fullmatch(str(one)) for one in written):
        return
    if case.meta is not None and case.meta.generation.mode.is_positive and response.status_code == 400:
        assert "errors" not in response.json(), response.text


class Heard:
    """What came of a run."""

    def __init__(self):
        self.failures, self.requests, self.statuses = [], 0, Counter()

    def hear(self, event):
        if isinstance(event, NonFatalError):
            self.failures.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, FatalError):
            self.failures.append(repr(event.exception))
        elif isinstance(event, ScenarioFinished):
            self._hear(event.recorder)

    def _hear(self, recorder):
        self.requests += len(recorder.interactions)
        for name, one in recorder.interactions.items():
            if one.response is not None:
                self.statuses[recorder.cases[name].value.operation.label, one.response.status_code] += 1
        checks = [check for found in recorder.checks.values() for check in found]
        self.failures += [
            f"{recorder.label}: {one.name}: {one.failure_info.failure}\n{one.failure_info.code_sample}"
            for one in checks
            if one.failure_info is not None
        ]


def fuzzed(folder):
    """What came of requests to the site of a library in a folder."""
    folder.mkdir()
    (folder / "dateline.toml").write_text(f'[storage]\ndatabase = "{DATABASE}"\n' if DATABASE else "")
    with open_library(load(folder), create=True) as library:
        invented_library.fill(library)
        library.store.start_run(RUN)
    policy = Policy(per_minute=1_000_000, token=TOKEN, names=frozenset({"testserver"}))
    site, heard = site_for(load(folder), policy, local_name="ada"), Heard()
    with closing(site.stores):
        document = schemathesis.openapi.from_asgi(
            "/api/v1/openapi.json", application(site), config=SchemathesisConfig.from_dict(CONFIG)
        )
        for event in from_schema(document).execute():
            heard.hear(event)
    return heard


def test_the_api_keeps_what_its_document_says(tmp_path):
    heard = fuzzed(tmp_path / "news")
    print(f"{heard.requests} requests, {len(heard.failures)} failures")
    assert not heard.failures, "\n\n".join(dict.fromkeys(heard.failures))
    assert heard.requests > 1_000
    for one in ENDPOINTS:
        assert heard.statuses[f"{one.method} {one.documented_path}", one.status], one.documented_path
