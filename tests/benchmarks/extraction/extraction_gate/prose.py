"""How a structure writes a story's blocks: paragraphs, headings, lists, live entries, and what stands between them.

Why the inserts are dealt out by dice: a related box in the middle of the text is found after the second paragraph on
one page and after the fifth on the next, and a rule that counts paragraphs must not pass.
"""

from __future__ import annotations

import re
from datetime import timedelta
from html import escape

from extraction_gate.template import Template
from extraction_gate.writing_dates import written

_TWO_WORDS = re.compile(r"(?<=[a-zа-яё,] )([^\W\d_]{4,} [^\W\d_]{4,})(?= )")
UNSPACED = frozenset({"zh", "zh-hant", "ja"})


def opened(story, words, moment):
    """The dateline as written and the blocks, the first beginning with it."""
    dateline = story["opening"].format(md=written(words["md"], moment, words)) if story["opening"] else ""
    first, *rest = story["body"]
    return dateline, [f"{dateline}{story['dash']}{first}" if dateline else first, *rest]


def shown(blocks, style):
    """The blocks that stand on this page: all, the first part of a paged story, or what is free to read."""
    if "take" in style:
        return blocks[: style["take"]]
    return blocks[: max(2, round(len(blocks) * style["share"]))] if "share" in style else blocks


def markup(blocks, dateline, style, values, rng):
    """The blocks in the structure's own tags, with its inserts between them."""
    pieces = _pieces(blocks, dateline, style, rng)
    between = _inserts(len(pieces), style, values, rng)
    return "\n".join(piece + between.get(number, "") for number, piece in enumerate(pieces))


def _pieces(blocks, dateline, style, rng):
    pieces, items = [], []
    for number, block in enumerate(blocks):
        if block.startswith("- "):
            items.append(style["li"].format(t=escape(block[2:], quote=False)))
            continue
        if items:
            pieces.append(style["ul"].format(items="".join(items)))
            items = []
        pieces.append(_piece(block, dateline if number == 0 else "", style, rng))
    return [*pieces, style["ul"].format(items="".join(items))] if items else pieces


def _piece(block, dateline, style, rng):
    if block.startswith(("## ", "> ")):
        form = style["h"] if block[0] == "#" else style["quote"]
        return form.format(t=escape(block.split(" ", 1)[1], quote=False))
    text = escape(block, quote=False)
    if dateline and "dateline" in style:
        head = escape(dateline, quote=False)
        text = style["dateline"].format(t=head) + text[len(head) :]
    elif "link" in style and rng.random() < 0.4:
        text = _TWO_WORDS.sub(lambda match: style["link"].format(t=match[1], n=rng.randint(100, 999)), text, count=1)
    return style["p"].format(t=text)


def _inserts(count, style, values, rng):
    inserts = style.get("inserts", [])
    places = list(range(min(1, count - 1), max(1, count - 1)))
    chosen = rng.sample(inserts, min(len(inserts), style.get("inserted", len(inserts)), len(places)))
    where = sorted(rng.sample(places, len(chosen)))
    return {place: "\n" + Template(one).fill(values, rng)[0] for place, one in zip(where, chosen, strict=True)}


def live_entries(blocks, style, words, moment, rng):
    """The blocks as entries of a live blog, the newest first: values for the template."""
    entries, headline = [], ""
    for block in blocks:
        if block.startswith("## "):
            headline = block[3:]
            continue
        posted = moment + timedelta(minutes=17 * len(entries) + rng.randint(0, 9))
        entries.append(
            {
                "entry_headline": headline,
                "entry_clock": f"{posted:%H:%M}",
                "entry_iso": posted.isoformat(),
                "entry_text": block.removeprefix("- ").removeprefix("> "),
                "entry_number": str(4000 + len(entries)),
                "entry_markup": _piece(block.removeprefix("- ").removeprefix("> "), "", style, rng),
            }
        )
        headline = ""
    return entries[::-1]
