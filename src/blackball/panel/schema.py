"""The columns of a panel's three files, and the words that some of them must hold."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EXPERTS", "FORMS", "JUDGEMENTS", "PARTS", "QUESTIONS", "SCALES", "SCHEMAS", "Schema"]

FORMS = ("quantile", "point", "interval", "odds", "chips", "ratio")
"""How a judgement may be put."""

PARTS = ("best", "low", "high", "confidence")
"""The four levels of the form `interval`."""

SCALES = ("uniform", "log")
"""On which scale classical pools and scores reckon with a question: Cooke's background measure."""


@dataclass(frozen=True)
class Schema:
    """Columns of one of a panel's files.

    Attributes
    ----------
    name : str
        Name of the file without its extension.
    columns : tuple of str
        Every legal column, in the order in which they are written.
    optional : tuple of str
        Columns that a file may leave out; they then read as empty.
    """

    name: str
    columns: tuple[str, ...]
    optional: tuple[str, ...]


JUDGEMENTS = Schema(
    "judgements",
    ("expert", "question", "regime", "given", "round", "form", "level", "value", "source"),
    ("regime", "given", "round", "level"),
)
EXPERTS = Schema("experts", ("expert", "name", "camp", "n", "source"), ("name", "camp", "n"))
QUESTIONS = Schema(
    "questions",
    ("question", "text", "variable", "at", "support", "scale", "lower", "upper", "unit", "realisation", "source"),
    ("variable", "at", "scale", "lower", "upper", "unit", "realisation"),
)
SCHEMAS = (JUDGEMENTS, EXPERTS, QUESTIONS)
