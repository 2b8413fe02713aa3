"""What all shapes have in common."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

BIGGEST = 2**53 - 1
"""The biggest number that every reader of JSON knows exactly."""


class Shape(BaseModel):
    """One JSON object of an answer; what stands below a field is its meaning in the OpenAPI document."""

    model_config = ConfigDict(from_attributes=True, frozen=True, use_attribute_docstrings=True)


class Said(BaseModel):
    """What somebody sends: parameters or a body. Anything that is not asked for is refused: it may be a slip."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def _digits(value: object) -> object:
    """Of text digits alone: ``1_0``, ``+1`` and ``1.0`` are numbers for Python, and slips here."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) <= len(str(BIGGEST))):
        msg = "it is no whole number"
        raise ValueError(msg)
    return value


def _no_text(value: object) -> object:
    if isinstance(value, str | bool):
        msg = "it is no whole number"
        raise ValueError(msg)  # noqa: TRY004 - pydantic knows no other
    return value


WRITTEN = BeforeValidator(_digits)
"""That a number stands in a path or a parameter; behind its bounds, which the document would not have otherwise."""
Id: TypeAlias = Annotated[int, Field(ge=1, le=BIGGEST), WRITTEN]
"""A number of ours in a path."""
SentId: TypeAlias = Annotated[int, Field(ge=1, le=BIGGEST), BeforeValidator(_no_text)]
"""A number of ours in a body: JSON's, not text with digits."""
