"""From risk parameters to the chance of catastrophe: one claim a module, each with its source.

Every function takes labelled tensors, labelled arrays or plain numbers (`labelled`), broadcasts them by the
names of their dims, and returns a labelled tensor; `evaluate` turns the result into numbers.
"""

from blackball.mechanisms import (
    attribution,
    authority,
    board,
    competence,
    composition,
    contest,
    controlled,
    following,
    inspection,
    licensing,
    precipice,
    racing,
    research,
    theft,
    unilateral,
    urn,
)
from blackball.mechanisms.evaluate import evaluate

__all__ = [
    "attribution",
    "authority",
    "board",
    "competence",
    "composition",
    "contest",
    "controlled",
    "evaluate",
    "following",
    "inspection",
    "licensing",
    "precipice",
    "racing",
    "research",
    "theft",
    "unilateral",
    "urn",
]
