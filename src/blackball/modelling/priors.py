"""Priors as data: an uncertain quantity's central 90 % interval on its natural scale, with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

from blackball.errors import ModelError
from blackball.modelling.links import link_number
from blackball.regimes.regimes import HALF_90

__all__ = ["EFFECT", "Quantity", "bounded", "positive", "probability", "real"]

Interval = tuple[float, float]
Prior = Interval | Mapping[str, Interval]

EFFECT = {"probability": "odds", "bounded": "odds", "positive": "times", "real": "plus"}
"""How a regime shifts a quantity of each support: a factor on its odds, a factor, a term."""


@dataclass(frozen=True)
class Quantity:
    """An uncertain quantity, before it becomes a variable of a model.

    Attributes
    ----------
    support : {"probability", "positive", "bounded", "real"}
    prior : (low, high), or mapping of label to (low, high)
        Central 90 % interval on the natural scale, in the reference regime; by label of `dim` if it has one.
    source : str
        Citation, or `illustrative: why`.
    unit : str
    dim : str or None
        Dimension of its own, whose labels are the keys of `prior`.
    varies : bool
        Whether it differs between regimes.
    bounds : (lower, upper)
        Ends of the support of a bounded quantity.
    """

    support: str
    prior: Prior
    source: str
    unit: str
    dim: str | None = None
    varies: bool = False
    bounds: Interval = (0.0, 1.0)

    @property
    def intervals(self) -> dict[str, Interval]:
        """The prior interval by label; a quantity without a dimension has the one label ''."""
        return dict(self.prior) if isinstance(self.prior, Mapping) else {"": self.prior}

    def elicited(self, name: str) -> dict[str, tuple[float, float]]:
        """Return mean and sd on the link scale, by label.

        Raises
        ------
        ModelError
            If an interval is no interval inside the support, or labels and `dim` do not go together.
        """
        if isinstance(self.prior, Mapping) is (self.dim is None):
            raise ModelError(f"{name}: a prior by label and `dim`, the dimension of the labels, go together")
        if self.dim is not None and self.varies:
            raise ModelError(f"{name}: a quantity with a dimension of its own cannot also vary by regime")
        return {label: self._moments(name, ends) for label, ends in self.intervals.items()}

    def _moments(self, name: str, interval: Interval) -> tuple[float, float]:
        try:
            low, high = (link_number(float(end), self.support, self.bounds) for end in interval)
        except ValueError:
            low = high = float("nan")
        if isnan(low) or not low < high:
            raise ModelError(
                f"{name}: the prior {interval!r} must be the central 90 % interval (low, high) with low < high, "
                f"both inside the support `{self.support}`"
            )
        return (low + high) / 2, (high - low) / (2 * HALF_90)


def probability(prior: Prior, *, source: str, dim: str | None = None, varies: bool = False) -> Quantity:
    """State an uncertain probability: logit-normal, `prior` its central 90 % interval, 0 < low < high < 1.

    Parameters
    ----------
    prior, source, dim, varies
        As the attributes of `Quantity`.
    """
    return Quantity("probability", prior, source, "probability", dim, varies)


def positive(prior: Prior, *, unit: str, source: str, dim: str | None = None, varies: bool = False) -> Quantity:
    """State an uncertain positive quantity: log-normal, `prior` its central 90 % interval, 0 < low < high.

    Parameters
    ----------
    prior, unit, source, dim, varies
        As the attributes of `Quantity`.
    """
    return Quantity("positive", prior, source, unit, dim, varies)


def real(prior: Prior, *, unit: str, source: str, dim: str | None = None, varies: bool = False) -> Quantity:
    """State an uncertain real quantity: normal, `prior` its central 90 % interval.

    Parameters
    ----------
    prior, unit, source, dim, varies
        As the attributes of `Quantity`.
    """
    return Quantity("real", prior, source, unit, dim, varies)


def bounded(prior: Interval, bounds: Interval, *, unit: str, source: str, varies: bool = False) -> Quantity:
    """State an uncertain quantity between `bounds`: scaled logit-normal, `prior` its central 90 % interval.

    Parameters
    ----------
    prior, bounds, unit, source, varies
        As the attributes of `Quantity`.
    """
    return Quantity("bounded", prior, source, unit, None, varies, bounds)
