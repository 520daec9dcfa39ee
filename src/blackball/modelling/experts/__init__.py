"""How what experts state relates to what is true: the expert models, one a module.

`hyperpriors` and `recalibration` say what is known of panels before one speaks, `weights` and `widths` how much and
how exactly each expert speaks, `mixture` and `consensus` what the truth is then, `events` what seeds that happened
or did not add.
"""

from collections.abc import Callable, Mapping

from pytensor.xtensor.type import XTensorVariable

from blackball.modelling.experts.believed import Answered, Believed, Predicted
from blackball.modelling.experts.consensus import consensus
from blackball.modelling.experts.events import happened
from blackball.modelling.experts.hyperpriors import hyperpriors
from blackball.modelling.experts.mixture import mixture
from blackball.modelling.experts.recalibration import recalibration

__all__ = [
    "EXPERT_MODELS",
    "Answered",
    "Believed",
    "ExpertModel",
    "Predicted",
    "consensus",
    "happened",
    "hyperpriors",
    "mixture",
    "recalibration",
]

type ExpertModel = Callable[[Answered, Mapping[str, XTensorVariable]], Believed]
"""Lets judgements enter the model in hand, given the parameters from `recalibration`."""

EXPERT_MODELS: dict[str, ExpertModel] = {"consensus": consensus, "mixture": mixture}
