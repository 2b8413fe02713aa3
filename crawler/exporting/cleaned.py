"""Texts of strangers made fit for formats that cannot hold every character."""

from __future__ import annotations

import re

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x84\x86-\x9f]")


def legal(text: str) -> str:
    """The text without what XML 1.0 cannot have, which nobody can read either: controls, surrogates, noncharacters."""
    return _ILLEGAL.sub("", text)


def on_one_line(text: str) -> str:
    """The same with every white space as one space."""
    return " ".join(legal(text).split())


def cut(text: str, most: int) -> str:
    """The text, or so many characters of it and an ellipsis, cut between words where there is a space."""
    if len(text) <= most:
        return text
    return (text[:most].rsplit(" ", 1)[0] or text[:most]) + "…"
