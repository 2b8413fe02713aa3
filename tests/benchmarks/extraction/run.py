"""How well articles are extracted: the labelled pages through our extractor, trafilatura beside it; see README.md.

python tests/benchmarks/extraction/run.py [--only STRUCTURE] [--external DIR] [--peer MODULE:FUNCTION] [--pages]
    [--memory] [--stress] [--pin [--lower FIELD ...]]
"""

from __future__ import annotations

import argparse
import sys

from extraction_gate import extractors, floors, memory, printing, stress
from extraction_gate.external import external_pages
from extraction_gate.measuring import measure
from extraction_gate.pages import labelled_pages


def main(arguments=None):
    """Run what is asked for; the exit status is 1 where floors were not pinned."""
    options = _options(arguments)
    if options.stress:
        for name in ("ours", "baseline"):
            stress.run(name)
        return 0
    pages = list(external_pages(options.external) if options.external else labelled_pages(options.only))
    if options.memory:
        results = memory.with_memory(pages)
        printing.fields_table(results)
        printing.structures_table(results)
        return 0
    results = {"ours": measure(pages, extractors.ours)}
    if options.pin:
        return _pin(results["ours"], options)
    results["trafilatura"] = measure(pages, extractors.baseline)
    results |= {name: measure(pages, extractors.peer(name)) for name in options.peer}
    _print(results, pages, options)
    return 0


def _options(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="structures whose names contain this")
    parser.add_argument("--external", default="", help="a folder of labelled pages in place of ours")
    parser.add_argument("--peer", action="append", default=[], help="another extractor, MODULE:FUNCTION")
    parser.add_argument("--pages", action="store_true", help="what is wrong on every page")
    parser.add_argument("--memory", action="store_true", help="with what the host's other pages show")
    parser.add_argument("--stress", action="store_true", help="synthetic bad pages")
    parser.add_argument("--pin", action="store_true", help="write the floors at what is measured")
    parser.add_argument("--lower", nargs="*", default=[], help="floors that may fall: fields.title body.tables")
    options = parser.parse_args(arguments)
    if options.pin and (options.only or options.external):
        parser.error("floors are pinned on all of our own pages")
    return options


def _print(results, pages, options):
    printing.structures_table(results)
    printing.fields_table(results)
    printing.costs(results)
    printing.trust_table(results["ours"].total)
    if options.pages:
        for page, (_, faults) in zip(pages, results["ours"].faults, strict=True):
            printing.page_report(page, extractors.ours(page), faults)


def _pin(result, options):
    try:
        fresh = floors.pinned(floors.measured(result.total, result.groups), floors.read(), options.lower)
    except floors.Refused as refusal:
        print(refusal)
        return 1
    floors.write(fresh)
    print(f"{len(fresh)} floors pinned")
    return 0


if __name__ == "__main__":
    sys.exit(main())
