"""The functions of a script, which take paths where the layers below take what was read from them."""

from blackball.api.asking import ask
from blackball.api.decisions import decide, sensitivity
from blackball.api.doubts import calibrate, leave_out
from blackball.api.fits import attribute, export, fit, report, update, what_if
from blackball.api.panels import aggregate, crossvalidate, hyperpriors, score

__all__ = [
    "aggregate",
    "ask",
    "attribute",
    "calibrate",
    "crossvalidate",
    "decide",
    "export",
    "fit",
    "hyperpriors",
    "leave_out",
    "report",
    "score",
    "sensitivity",
    "update",
    "what_if",
]
