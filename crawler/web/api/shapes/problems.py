"""What is said in place of an answer (RFC 9457)."""

from __future__ import annotations

from crawler.web.api.shapes.shape import Shape


class Misfit(Shape):
    """One place in a request at which something cannot be understood."""

    place: str
    """Where: `query limit`, `path id`, `body by`."""
    problem: str
    """What is wrong with it."""


class Problem(Shape):
    """Why there is no answer, as `application/problem+json` (RFC 9457)."""

    type: str
    """Always `about:blank`: the status says what kind of problem it is."""
    title: str
    """The status in words."""
    status: int
    """The status."""
    detail: str
    """One sentence for a person: what is wrong, and often what to do."""
    errors: list[Misfit] | None = None
    """The places, where a request does not have the form that this document describes; not there otherwise."""
