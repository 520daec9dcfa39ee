"""A comparison that prints in a script, and shows in a notebook, as the command line prints it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from markupsafe import Markup

from blackball.decisions import Comparison
from blackball.decisions import compare as compare_regimes
from blackball.reporting.table import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

__all__ = ["Compared", "compare"]


class Compared(Comparison):
    """A `Comparison` whose text is its tables, notes and verdict."""

    def __str__(self) -> str:
        return render(self).rstrip("\n")

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return str(Markup("<pre>{}</pre>").format(str(self)))


def compare(fit: xr.DataTree, weights: Mapping[str, float] | None = None) -> Compared:
    """Compare the regimes of a fit on every headline outcome.

    Parameters
    ----------
    fit : xarray.DataTree
        A diagnosed fit.
    weights : mapping of str to float, optional
        What each outcome counts in one sum, such as `{"catastrophe": 1, "power_concentration": 0.5}`.

    Returns
    -------
    Compared
        Tables with probabilities on [0, 1] (see `blackball.decisions.Comparison`); printed, what the command line
        prints. All comparisons of regimes are made draw by draw on the joint posterior.

    Raises
    ------
    ModelError
        If the model marks no outcome as headline.
    InputError
        If a weight names no headline outcome, or is negative or not finite.
    """
    found = compare_regimes(fit, weights)
    return Compared(**{field.name: getattr(found, field.name) for field in fields(found)})
