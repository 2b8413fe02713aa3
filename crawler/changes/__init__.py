"""What changed between two versions of a text, and whether it matters."""

from crawler.changes.kinds import change_between
from crawler.changes.model import Change, ChangeKind, Counts, Span, Step, StepKind
from crawler.changes.versions import FieldChange, field_changes, kind_of_change

__all__ = [
    "Change",
    "ChangeKind",
    "Counts",
    "FieldChange",
    "Span",
    "Step",
    "StepKind",
    "change_between",
    "field_changes",
    "kind_of_change",
]
