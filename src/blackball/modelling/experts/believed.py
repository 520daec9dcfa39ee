"""What goes into an expert model, and what comes out of one: the same for each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pytensor.xtensor.type import XTensorVariable

__all__ = ["Answered", "Believed", "Effect", "Predicted", "Stated"]


@dataclass(frozen=True)
class Answered:
    """What a panel says, ready for an expert model.

    Attributes
    ----------
    encoded : Dataset
        From `blackball.panel.encode`, quantities only.
    share : DataArray
        dims `("judged", "expert")`, in [0, 1]: how much each judgement counts (see `once`).
    truth : XTensorVariable
        dims `("judged",)`: the judged values in each question's standard units.
    known : XTensorVariable
        dims `("judged",)`: 1 where the truth is a variable of the model or the known answer of a seed, else 0.
    informed : bool
        Whether seeds inform how far each expert is believed.
    unplaced : XTensorVariable or None
        dims `("judged",)`: where the answers lie, in standard units, wherever `known` is 0. None if it is 1 throughout,
        or the expert model has no use for it.
    open : ndarray of bool or None
        Which of the judged can never be known, so that answers to them inform nothing; None if all can.
    events : bool
        Whether how much each expert counts is also asked for events.
    """

    encoded: xr.Dataset
    share: xr.DataArray
    truth: XTensorVariable
    known: XTensorVariable
    informed: bool
    unplaced: XTensorVariable | None = None
    open: NDArray[np.bool_] | None = None
    events: bool = False


@dataclass(frozen=True)
class Predicted:
    """What judgements alone say of each judged value: a weighted sum of split Student t distributions.

    Attributes
    ----------
    log_weight : XTensorVariable
        dims `("judged", "component")`, not scaled to sum to 1.
    location, lower, upper : XTensorVariable
        dims `("judged", "component")`: where the halves meet, and their scales, in each question's standard units.
    degrees : XTensorVariable
        Degrees of freedom.
    """

    log_weight: XTensorVariable
    location: XTensorVariable
    lower: XTensorVariable
    upper: XTensorVariable
    degrees: XTensorVariable


@dataclass(frozen=True)
class Stated:
    """Where the answer of an expert who is right lies: a split Student t distribution of the stated median.

    Attributes
    ----------
    centre, below, above : XTensorVariable
        dims `("judged", "expert")`: where the halves meet, and their scales, in each question's standard units.
    degrees : XTensorVariable
        Degrees of freedom.
    log_weight : XTensorVariable or None
        dims `("judged", "expert")`: how likely each expert is the only one who is right, not scaled to sum to 1; None
        if all are.
    """

    centre: XTensorVariable
    below: XTensorVariable
    above: XTensorVariable
    degrees: XTensorVariable
    log_weight: XTensorVariable | None


@dataclass(frozen=True)
class Effect:
    """What the answers say of one thing about each expert, which is no variable of the model.

    Attributes
    ----------
    mean, sd : XTensorVariable
        dims `("expert",)`: given the model's variables.
    """

    mean: XTensorVariable
    sd: XTensorVariable


@dataclass(frozen=True)
class Believed:
    """What an expert model makes of a panel.

    Attributes
    ----------
    log_weight : XTensorVariable
        dims `("expert",)`: how much each expert counts.
    predicted : Predicted
    stated : Stated
    effects : mapping of str to Effect
        Of the experts, where they are integrated out: `bias`, and `log_skill`.
    """

    log_weight: XTensorVariable
    predicted: Predicted
    stated: Stated
    effects: Mapping[str, Effect] = field(default_factory=dict)
