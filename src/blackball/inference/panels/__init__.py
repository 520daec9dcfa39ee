"""Panels by themselves: learn from their seeds, predict other questions, compare ways of doing so.

`learn` and `predict` go from an expert model to distributions; `methods` gives every way of predicting one
signature; `folds`, `tasks` and `crossvalidate` hold them to seeds they have not seen; `aggregate` reports what a
panel says; `population` learns where new panels start.
"""

from blackball.inference.panels.aggregate import aggregate
from blackball.inference.panels.crossvalidate import CrossValidation, crossvalidate
from blackball.inference.panels.folds import SCHEMES
from blackball.inference.panels.methods import QUICK, applicable
from blackball.inference.panels.population import learn_population, prepare_population
from blackball.inference.panels.score import Scored, score

__all__ = [
    "QUICK",
    "SCHEMES",
    "CrossValidation",
    "Scored",
    "aggregate",
    "applicable",
    "crossvalidate",
    "learn_population",
    "prepare_population",
    "score",
]
