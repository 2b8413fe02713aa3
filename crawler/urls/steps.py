"""What was done to a URL on its way to its canonical form, one step at a time, for a person who asks why.

Why the canonicaliser itself notes its steps: a second piece of code that explains the first one would say what it
thinks, not what happened. Whoever does not ask passes ``None`` and pays one comparison per step.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Change(StrEnum):
    """What kind of step it was; the order is that of a URL's way.

    ``CITATION``: what a person or a template did to the URL was undone. ``WRAPPER``: an archive's, a translator's or a
    redirector's address came off. ``ROUTE``: an address in the fragment became a path, or stays one. ``SPELLING``:
    escapes, dots, slashes, parameters in order. ``ENDING``: index page, AMP suffix, session, final slash. ``RULE``: a
    rule of the publisher. ``PARAMETER``: one parameter went. ``FRAGMENT``: it only scrolled.
    """

    CITATION = "citation"
    WRAPPER = "wrapper"
    ROUTE = "route"
    SCHEME = "scheme"
    PORT = "port"
    WWW = "www"
    SPELLING = "spelling"
    ENDING = "ending"
    RULE = "rule"
    MOBILE = "mobile"
    PARAMETER = "parameter"
    FRAGMENT = "fragment"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step.

    Attributes:
        change: see `Change`.
        what: the part that changed: the name of a parameter in lower case, the host, the suffix that went.
        because: which fact or rule says so; empty where the kind of step says all.
    """

    change: Change
    what: str
    because: str = ""

    def __str__(self) -> str:
        """One clause for people."""
        return f"{self.change}: {self.what}{f' ({self.because})' if self.because else ''}"


Steps = list[Step] | None
"""Where steps are noted; ``None`` where nobody asks."""


def note(steps: Steps, change: Change, what: str, because: str = "") -> None:
    """Note a step, unless it stands there already: rules are applied until nothing changes."""
    if steps is not None:
        step = Step(change=change, what=what, because=because)
        if step not in steps:
            steps.append(step)
