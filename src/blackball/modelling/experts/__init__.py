"""How what experts state relates to what is true: the expert models, one a module.

`hyperpriors` and `recalibration` say what is known of panels before one speaks, `weights` and `widths` how much and
how exactly each expert speaks, `mixture` and `consensus` what the truth is then, `events` what seeds that happened
or did not add.
"""

from collections.abc import Callable, Mapping

import xarray as xr
from pytensor.xtensor.type import XTensorVariable

from blackball.modelling.experts.believed import Answered, Believed, Effect, Predicted, Stated
from blackball.modelling.experts.consensus import consensus, consensus_table, many
from blackball.modelling.experts.events import happened
from blackball.modelling.experts.hyperpriors import hyperpriors
from blackball.modelling.experts.mixture import mixture, mixture_table
from blackball.modelling.experts.recalibration import recalibration

__all__ = [
    "ANSWER_TABLES",
    "EXPERT_MODELS",
    "LENGTHS",
    "Answered",
    "Believed",
    "Effect",
    "ExpertModel",
    "Predicted",
    "Stated",
    "consensus",
    "happened",
    "hyperpriors",
    "many",
    "mixture",
    "recalibration",
]

type ExpertModel = Callable[[Answered, Mapping[str, XTensorVariable]], Believed]
"""Lets judgements enter the model in hand, given the parameters from `recalibration`."""

EXPERT_MODELS: dict[str, ExpertModel] = {"consensus": consensus, "mixture": mixture}

ANSWER_TABLES: dict[str, Callable[[xr.Dataset, xr.DataArray], xr.DataArray]] = {
    "consensus": consensus_table,
    "mixture": mixture_table,
}
"""What each model's density needs of a panel: its data variable `answers`, from an encoded panel and shares."""

LENGTHS = ("lower", "upper", "lower_rest", "upper_rest", "width")
"""Columns of those tables that are lengths in a question's standard units."""
